// Descriptors, readiness, extended attributes.
#define _GNU_SOURCE
#include "edge_syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#define RESULT(call)                                                                                         \
    ({                                                                                                       \
        long result_ = (call);                                                                               \
        result_ < 0 ? -errno : result_;                                                                      \
    })

int edge_close_range(unsigned first, unsigned last, int close_on_exec)
{
    return RESULT(syscall(SYS_close_range, first, last, close_on_exec ? 4u /* CLOSE_RANGE_CLOEXEC */ : 0u));
}

int edge_memfd(const char *name)
{
    return RESULT(memfd_create(name, MFD_CLOEXEC));
}

int edge_pipe(int ends[2])
{
    return RESULT(pipe2(ends, O_CLOEXEC));
}

int edge_eventfd(void)
{
    return RESULT(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int edge_open(const char *path, int flags, unsigned mode)
{
    return edge_openat(AT_FDCWD, path, flags, mode);
}

int edge_openat(int directory, const char *path, int flags, unsigned mode)
{
    int fd;
    do
        fd = openat(directory, path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

int edge_set_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -errno : RESULT(fcntl(fd, F_SETFL, flags | O_NONBLOCK));
}

ssize_t edge_write(int fd, const void *bytes, size_t count)
{
    sigset_t pipe, previous;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &previous);
    ssize_t written = RESULT(write(fd, bytes, count));
    // The signal that belongs to EPIPE waits for this thread; it is taken before anyone is told.
    if (written == -EPIPE && !sigismember(&previous, SIGPIPE))
        sigtimedwait(&pipe, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return written;
}

int edge_openat2(int directory, const char *path, int flags, unsigned mode, uint64_t resolve)
{
    struct open_how how = {
        .flags = (unsigned)flags | O_CLOEXEC,
        .mode = flags & O_CREAT ? mode : 0,
        .resolve = resolve,
    };
    long fd;
    // EAGAIN: a rename elsewhere raced with "..", which the kernel cannot judge then.
    for (int attempt = 0; attempt < 64; attempt++) {
        fd = syscall(SYS_openat2, directory, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
            break;
    }
    return fd < 0 ? -errno : (int)fd;
}

uint64_t edge_makedev(unsigned major, unsigned minor)
{
    return makedev(major, minor);
}

int edge_set_window_size(int tty, unsigned short columns, unsigned short rows)
{
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    return RESULT(ioctl(tty, TIOCSWINSZ, &size));
}

int edge_epoll_create(void)
{
    return RESULT(epoll_create1(EPOLL_CLOEXEC));
}

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t tag)
{
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.u64 = tag};
    return RESULT(epoll_ctl(epoll, operation, fd, &event));
}

int edge_epoll_add(int epoll, int fd, uint32_t events, uint64_t tag)
{
    return control(epoll, EPOLL_CTL_ADD, fd, events, tag);
}

int edge_epoll_set(int epoll, int fd, uint32_t events, uint64_t tag)
{
    return control(epoll, EPOLL_CTL_MOD, fd, events, tag);
}

int edge_epoll_remove(int epoll, int fd)
{
    return RESULT(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
}

int edge_epoll_wait(int epoll, struct edge_event *events, int count, int milliseconds)
{
    struct epoll_event ready[64];
    int limit = count < 64 ? count : 64;
    int found;
    do
        found = epoll_wait(epoll, ready, limit, milliseconds);
    while (found < 0 && errno == EINTR);
    for (int index = 0; index < found; index++)
        events[index] = (struct edge_event){ready[index].events, ready[index].data.u64};
    return found < 0 ? -errno : found;
}

int edge_inotify_init(void)
{
    return RESULT(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
}

ssize_t edge_get_xattr(const char *path, const char *name, void *value, size_t capacity)
{
    return RESULT(lgetxattr(path, name, value, capacity));
}

int edge_set_xattr(const char *path, const char *name, const void *value, size_t size)
{
    return RESULT(lsetxattr(path, name, value, size, 0));
}

ssize_t edge_list_xattr(const char *path, char *names, size_t capacity)
{
    return RESULT(llistxattr(path, names, capacity));
}
