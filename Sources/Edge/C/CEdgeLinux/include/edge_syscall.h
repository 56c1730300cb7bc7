// System calls that Swift's Glibc module lacks (GNU only, variadic, or without a libc wrapper).
// Every function returns the call's result, or the negated errno: nobody reads errno afterwards.
#ifndef EDGE_SYSCALL_H
#define EDGE_SYSCALL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The C library's text for an errno, never translated; NULL for an unknown one.
const char *edge_error_text(int error);
void edge_name_thread(const char *name);

// Namespaces.
enum {
    EDGE_NEW_TIME = 0x00000080,
    EDGE_NEW_MOUNT = 0x00020000,
    EDGE_NEW_CGROUP = 0x02000000,
    EDGE_NEW_UTS = 0x04000000,
    EDGE_NEW_IPC = 0x08000000,
    EDGE_NEW_USER = 0x10000000,
    EDGE_NEW_PID = 0x20000000,
    EDGE_NEW_NET = 0x40000000,
};
int edge_setns(int fd, int namespaces);
int edge_unshare(int namespaces);
int edge_pivot_root(const char *new_root, const char *put_old);

// Processes.
int edge_pidfd_open(pid_t pid);
int edge_pidfd_send_signal(int pidfd, int signal);
/// Collects an ended child without blocking: 1 and the code or signal, 0 while it runs.
int edge_pidfd_reap(int pidfd, int *code, int *signal);
int edge_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
pid_t edge_gettid(void);

// Descriptors.
int edge_close_range(unsigned first, unsigned last, int close_on_exec);
int edge_memfd(const char *name);
int edge_pipe(int ends[2]);
int edge_eventfd(void);
int edge_open(const char *path, int flags, unsigned mode);
int edge_openat(int directory, const char *path, int flags, unsigned mode);
int edge_set_nonblocking(int fd);
/// Never raises SIGPIPE, whatever the process has made of that signal.
ssize_t edge_write(int fd, const void *bytes, size_t count);
enum {
    EDGE_RESOLVE_NO_MOUNTS = 0x01,
    EDGE_RESOLVE_NO_MAGIC = 0x02,
    EDGE_RESOLVE_BENEATH = 0x08,
    EDGE_RESOLVE_IN_ROOT = 0x10,
};
int edge_openat2(int directory, const char *path, int flags, unsigned mode, uint64_t resolve);
uint64_t edge_makedev(unsigned major, unsigned minor);
int edge_set_window_size(int tty, unsigned short columns, unsigned short rows);

// Readiness.
enum { EDGE_READABLE = 1, EDGE_WRITABLE = 4, EDGE_PRIORITY = 2, EDGE_ERROR = 8, EDGE_HANGUP = 16 };
struct edge_event {
    uint32_t ready;
    uint64_t tag;
};
int edge_epoll_create(void);
/// Reports once per arming: `edge_epoll_set` arms again. 0 for `events` disarms.
int edge_epoll_add(int epoll, int fd, uint32_t events, uint64_t tag);
int edge_epoll_set(int epoll, int fd, uint32_t events, uint64_t tag);
int edge_epoll_remove(int epoll, int fd);
int edge_epoll_wait(int epoll, struct edge_event *events, int count, int milliseconds);
int edge_inotify_init(void);

// Unix sockets.
int edge_accept(int socket);
int edge_unix_listen(const char *path, int type, int backlog);
int edge_unix_connect(const char *path, int type);
int edge_socketpair(int type, int pair[2]);
int edge_socket_error(int socket);
int edge_peer_pid(int socket);
/// One message with up to EDGE_MAX_FDS descriptors.
enum { EDGE_MAX_FDS = 16, EDGE_SEQPACKET = 5, EDGE_STREAM = 1 };
ssize_t edge_send(int socket, const void *bytes, size_t count, const int *fds, unsigned fd_count);
/// Received descriptors close on exec. A truncated message is -EMSGSIZE.
ssize_t edge_receive(int socket, void *bytes, size_t capacity, int *fds, unsigned *fd_count);

// Mounts.
enum { EDGE_TREE_CLONE = 1, EDGE_TREE_RECURSIVE = 0x8000 };
int edge_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);
/// Takes a mount off that nobody uses.
int edge_unmount(const char *target);
int edge_unmount_detach(const char *target);
int edge_open_tree(int directory, const char *path, unsigned flags);
int edge_move_mount(int tree, int target);
enum { EDGE_MOUNT_READONLY = 1, EDGE_MOUNT_NOSUID = 2, EDGE_MOUNT_NODEV = 4, EDGE_MOUNT_NOEXEC = 8 };
int edge_mount_setattr(int tree, int recursive, uint64_t set);

// Questions that change nothing.
/// 0 where an overlay mount of these directories works.
int edge_probe_overlay(const char *lower, const char *upper, const char *work);
/// 1 where the legacy iptables of the calling thread's network namespace drop forwarded packets by policy.
int edge_probe_iptables_forward(void);

// Extended attributes; the link itself is never followed.
ssize_t edge_get_xattr(const char *path, const char *name, void *value, size_t capacity);
int edge_set_xattr(const char *path, const char *name, const void *value, size_t size);
/// Names separated by NUL.
ssize_t edge_list_xattr(const char *path, char *names, size_t capacity);

// The process's own memory.
/// Fewer arenas, and freed memory goes back to the kernel early. Before any thread is started.
void edge_tune_allocator(void);
/// Unmaps the program's own pages, which come back from the page cache when they are needed: for once the
/// start is over, of which most is never run again.
void edge_forget_program_pages(void);

// BPF for the device rules of cgroup v2.
int edge_bpf_load_device_program(const void *instructions, unsigned count);
int edge_bpf_attach_device_program(int program, int cgroup);

#endif
