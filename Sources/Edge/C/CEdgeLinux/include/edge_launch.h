// The launch plan: what a new process does to itself between clone and exec, as a flat list of steps that
// Swift writes and C carries out in order. Each step is its opcode, the size of its fields, its fields.
#ifndef EDGE_LAUNCH_H
#define EDGE_LAUNCH_H

enum {
    EDGE_PLAN_MAGIC = 0x50474445,
    EDGE_PLAN_VERSION = 1,
};

// Fields in brackets; s: string, u: u32, U: u64, b: bytes.
enum edge_step {
    EDGE_STEP_ENTER_CGROUP = 1, // [s tasks file] v1
    EDGE_STEP_UNSHARE,          // [u namespaces]
    EDGE_STEP_JOIN,             // [u namespaces] of the container that this process is launched into
    EDGE_STEP_OPEN_BIND,        // [u index, s source, s sub path, u EDGE_BIND_...] before ISOLATE
    EDGE_STEP_ISOLATE,          // [] mounts of this namespace stay in it
    EDGE_STEP_ROOT_DIRECTORY,   // [s mount point, s directory]
    EDGE_STEP_ROOT_OVERLAY,     // [s mount point, s options, s upper, s work, u count, s lower (topmost first)...]
    EDGE_STEP_MOUNT,            // [s type, s source, s target, U MS_... flags, s data]
    EDGE_STEP_BIND,             // [u index, s target, u EDGE_MOUNT_... set, u EDGE_BIND_..., u MS_ propagation]
    EDGE_STEP_DEVICE,           // [s path, u mode, u major, u minor]
    EDGE_STEP_HOST_DEVICES,     // [] every device node of the host's /dev
    EDGE_STEP_SYMLINK,          // [s path, s contents]
    EDGE_STEP_MASK,             // [s path]
    EDGE_STEP_READONLY,         // [s path]
    EDGE_STEP_DIRECTORY,        // [s path, u mode] with its parents, if missing
    EDGE_STEP_PIVOT,            // []
    EDGE_STEP_READONLY_ROOT,    // [] after PIVOT
    EDGE_STEP_SYSCTL,           // [s file below /proc/sys, s value]
    EDGE_STEP_HOSTNAME,         // [s name]
    EDGE_STEP_LOOPBACK,         // [] brings lo up
    EDGE_STEP_SHARE_PIDS,       // [] the pod gets one pid namespace with an init of its own (helper only)
    EDGE_STEP_RESOURCE_LIMIT,   // [u resource, U soft, U hard] lowered to what may be set
    EDGE_STEP_OOM_SCORE,        // [s number] best effort downwards
    EDGE_STEP_TERMINAL,         // [u columns, u rows, u whether it is the container's console]
    EDGE_STEP_BOUNDING_SET,     // [U capabilities]
    EDGE_STEP_USER,             // [u uid, u gid, u count, u group...] keeps capabilities
    EDGE_STEP_CAPABILITIES,     // [U effective, U permitted, U inheritable, U ambient]
    EDGE_STEP_NO_NEW_PRIVILEGES, // []
    EDGE_STEP_SECCOMP,          // [b classic BPF]
    EDGE_STEP_WORKING_DIRECTORY, // [s path]
    EDGE_STEP_UMASK,            // [u mask]
    EDGE_STEP_EXECUTE,          // [u count, s argument..., u count, s NAME=value...] never returns
};

enum {
    EDGE_BIND_RECURSIVE = 1,
    /// A missing source (or its sub path) is made, as a directory.
    EDGE_BIND_MAKE_SOURCE = 2,
    /// The attributes hold for the mounts below as well.
    EDGE_BIND_ALL_BELOW = 4,
    EDGE_MAX_BINDS = 512,
};

#endif
