// Inside of the pod helper: a single-threaded event loop without a heap. Everything lies in zeroed static
// memory, of which only the pages in use exist.
#ifndef EDGE_POD_INTERNAL_H
#define EDGE_POD_INTERNAL_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../child.h"
#include "../include/edge_pod.h"
#include "../include/edge_syscall.h"
#include "../launch/launch.h"
#include "../wire.h"

enum {
    POD_PROCESSES = 256,
    POD_CLIENTS = 4,
    POD_ID = 72,
    /// The longest line of a log; a longer one is cut into parts.
    POD_LINE = 16384,
    /// What one read takes at most.
    POD_CHUNK = 65536,
};

/// One end of output: a pipe, or a terminal's master.
struct pod_stream {
    int fd;
    /// The beginning of a line whose end has not come yet, in a mapping that exists only meanwhile.
    uint8_t *held;
    uint32_t held_size;
    bool paused;
};

struct pod_log {
    int directory, fd;
    uint64_t size, limit;
    uint32_t files;
    char name[128];
};

enum pod_state { POD_FREE, POD_STARTING, POD_RUNNING };

struct pod_process {
    enum pod_state state;
    int kind;
    bool terminal;
    pid_t pid;
    int pidfd;
    /// Where the child reports from before exec; -1 after.
    int report;
    /// The request to answer once the child has started.
    uint32_t sequence;
    uint64_t started;
    /// Counts the OOM kills of the container's cgroup.
    int oom;
    uint64_t oom_before;
    /// The container's standard input; for a terminal the same descriptor as output[0].
    int input;
    struct pod_stream output[2];
    struct pod_log log;
    /// Packet sockets that get a copy of the output.
    int clients[POD_CLIENTS];
    char id[POD_ID], container[POD_ID];
};

struct pod {
    int epoll, signals, listener, peer, directory;
    /// The helper's own pid namespace, to come back to, and the pod's if it shares one.
    int own_pids;
    int init;
    bool ending;
    struct edge_failure failure;
    struct pod_process processes[POD_PROCESSES];
};
extern struct pod edge_pod;

// What an event belongs to; the number of the process stands above the low eight bits.
enum pod_tag { POD_SIGNALS, POD_LISTENER, POD_PEER, POD_REPORT, POD_OUTPUT, POD_ERROR_OUTPUT, POD_CLIENT };
void pod_watch(int fd, uint32_t events, enum pod_tag tag, const struct pod_process *process);
void pod_rewatch(int fd, uint32_t events, enum pod_tag tag, const struct pod_process *process);
/// Stops watching, then closes; -1 is fine. Closing alone would leave a descriptor watched that somebody else
/// still holds: edge a terminal's master, a child that has not come to its exec anything.
void pod_close(int fd);
uint64_t pod_now(void);

// process.c
struct pod_process *pod_find(const char *id);
struct pod_process *pod_allocate(const char *id, const char *container, int kind);
void pod_release(struct pod_process *process);
bool pod_idle(void);
void pod_reap(void);

// clone.c
int pod_launch(struct pod_process *process, int plan, uint32_t flags, uint64_t clone_flags, int cgroup,
    const int stdio[3], struct pod_process *joined);
void pod_reported(struct pod_process *process);

// requests.c
void pod_receive(void);
void pod_reply_started(struct pod_process *process, int error, const char *text, int terminal);
void pod_send_exit(const struct pod_process *process, int code, int signal, bool oom, uint64_t finished);

// output.c
/// Moves what is there from the container to its log and clients. False once there is no more to come.
bool pod_pump(struct pod_process *process, int index);
/// Empties the stream and closes it.
void pod_drain(struct pod_process *process, int index);
void pod_client_event(struct pod_process *process, uint32_t ready);
int pod_attach(struct pod_process *process, int client);

// log.c
int pod_log_open(struct pod_log *log);
void pod_log_close(struct pod_log *log);
/// Appends lines in the format of the CRI. `ending`: nothing follows the last line.
uint32_t pod_log_lines(struct pod_log *log, bool error_output, const uint8_t *bytes, size_t count, bool ending);

#endif
