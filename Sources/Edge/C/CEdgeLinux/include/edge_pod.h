// The pod helper's protocol: messages over a SOCK_SEQPACKET unix socket, one edge at a time.
//
// A message is a header and fields (strings and numbers as in wire.h), with descriptors attached. Requests
// get one reply with the same sequence number; events have the sequence number 0.
#ifndef EDGE_POD_H
#define EDGE_POD_H

#include <stdint.h>

/// argv[0] of the helper. argv[1] is the sandbox's identifier, argv[2] a name for people who read `ps`.
#define EDGE_POD_NAME "edge-pod"

enum {
    EDGE_POD_VERSION = 1,
    EDGE_POD_MESSAGE = 65536,
    /// The descriptors that a helper is started with: a listening socket, the sandbox's run directory, a plan.
    EDGE_POD_LISTENER = 3,
    EDGE_POD_DIRECTORY = 4,
    EDGE_POD_PLAN = 5,
};

struct edge_pod_header {
    uint16_t version;
    uint16_t type; // of a reply: the request's
    uint32_t sequence;
    int32_t error; // of a reply: 0 or an errno, and then one string: what failed
};

enum edge_pod_request {
    /// [] -> [u version, u pid, u count, (u EDGE_POD_KIND_..., u state, s id, s container, u pid, U started)...]
    EDGE_POD_LIST = 1,
    /// [s id, u EDGE_POD_..., U clone flags, s log name, U log bytes, u log files], descriptors: plan,
    /// then as the flags say: log directory, OOM counter file, cgroup directory -> [u pid, U started ns]
    EDGE_POD_START = 2,
    /// [s id, s container, u EDGE_POD_..., U clone flags], descriptors: plan, then as the flags say: cgroup
    /// directory, standard input, output, error -> [u pid, U started ns], descriptor: terminal's master
    EDGE_POD_EXEC = 3,
    /// [s id, u signal] -> []
    EDGE_POD_SIGNAL = 4,
    /// [s id], descriptor: packet socket for the output -> [u whether it is a terminal], descriptor: input
    EDGE_POD_ATTACH = 5,
    /// [s id] -> []
    EDGE_POD_CLOSE_INPUT = 6,
    /// [s id] -> []
    EDGE_POD_REOPEN_LOG = 7,
    /// [u family, u port, b address in network order] -> descriptor: a socket that is connecting
    EDGE_POD_DIAL = 8,
    /// [] -> [], then the helper ends. EBUSY while a container lives.
    EDGE_POD_QUIT = 9,
    /// [s container], then as EDGE_POD_START: the new one lives in the process namespace of a running one
    EDGE_POD_START_IN = 10,
    /// Event: [u kind, s id, s container, u code, u signal, u OOM, U finished ns]
    EDGE_POD_EXITED = 100,
};

enum {
    EDGE_POD_KIND_CONTAINER = 1,
    EDGE_POD_KIND_EXEC = 2,
};

enum {
    EDGE_POD_TERMINAL = 1,
    EDGE_POD_INPUT = 2,
    EDGE_POD_SHARED_PIDS = 4,
    EDGE_POD_HAS_LOG = 8,
    EDGE_POD_HAS_OOM = 16,
    EDGE_POD_HAS_CGROUP = 32,
    EDGE_POD_HAS_STDIN = 64,
    EDGE_POD_HAS_STDOUT = 128,
    EDGE_POD_HAS_STDERR = 256,
};

/// The helper's main function.
_Noreturn void edge_pod_main(char **arguments);

#endif
