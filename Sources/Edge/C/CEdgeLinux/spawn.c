// clone3 with shared memory (as vfork does it: no page table is copied), then exec.
#define _GNU_SOURCE
#include "edge_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "child.h"

struct child {
    const struct edge_spawn *spawn;
    volatile int error;
};

static int fail(struct child *child, int error)
{
    child->error = error ? error : EIO;
    _exit(127);
}

/// Moves the descriptors out of the way first, since a source may be another one's target.
static void place_descriptors(struct child *child, const struct edge_spawn *spawn)
{
    int moved[64];
    unsigned count = spawn->descriptor_count;
    if (count > sizeof moved / sizeof *moved)
        fail(child, EINVAL);
    for (unsigned index = 0; index < count; index++) {
        int source = spawn->descriptors[index];
        int null = -1;
        if (source < 0)
            source = null = open("/dev/null", O_RDWR | O_CLOEXEC);
        moved[index] = fcntl(source, F_DUPFD_CLOEXEC, (int)count + 1);
        if (moved[index] < 0)
            fail(child, errno);
        if (null >= 0)
            close(null);
    }
    int program = spawn->path ? -1 : fcntl(spawn->program, F_DUPFD_CLOEXEC, (int)count + 1);
    for (unsigned index = 0; index < count; index++)
        if (dup3(moved[index], (int)index, 0) < 0)
            fail(child, errno);
    syscall(SYS_close_range, count, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */);
    if (!spawn->path) {
        syscall(SYS_execveat, program, "", spawn->arguments, spawn->environment, AT_EMPTY_PATH);
        fail(child, errno);
    }
}

static _Noreturn __attribute__((noinline)) void run(struct child *child)
{
    const struct edge_spawn *spawn = child->spawn;
    for (unsigned index = 0; index < spawn->task_file_count; index++)
        if (write(spawn->task_files[index], "0", 1) < 0)
            fail(child, errno);
    edge_reset_signals();
    if (spawn->new_session)
        setsid();
    place_descriptors(child, spawn);
    execve(spawn->path, spawn->arguments, spawn->environment);
    fail(child, errno);
    _exit(127);
}

#if defined(__x86_64__)
static inline __attribute__((always_inline)) long clone3(struct clone_args *arguments)
{
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"((long)SYS_clone3), "D"(arguments), "S"(sizeof *arguments)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
static inline __attribute__((always_inline)) long clone3(struct clone_args *arguments)
{
    register long x8 __asm__("x8") = SYS_clone3;
    register long x0 __asm__("x0") = (long)arguments;
    register long x1 __asm__("x1") = sizeof *arguments;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
    return x0;
}
#else
#error "edge runs on x86_64 and aarch64"
#endif

/// The child borrows this frame while the parent sleeps in the kernel. It only ever calls `run`, which never
/// returns, so everything the parent finds again lies above what the child overwrites.
static __attribute__((noinline)) long clone_and_run(struct clone_args *arguments, struct child *child)
{
    long pid = clone3(arguments);
    if (pid == 0)
        run(child);
    return pid;
}

pid_t edge_spawn(const struct edge_spawn *spawn, int *pidfd)
{
    struct child child = {.spawn = spawn};
    int fd = -1;
    struct clone_args arguments = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | spawn->namespaces,
        .pidfd = (uint64_t)(uintptr_t)&fd,
        .exit_signal = SIGCHLD,
    };
    if (spawn->cgroup >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)spawn->cgroup;
    }
    // A signal handler of this process must not run in the child, on shared memory.
    sigset_t all, previous;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    int saved = errno;
    long pid = clone_and_run(&arguments, &child);
    errno = saved;
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    if (pid < 0)
        return (pid_t)pid;
    if (child.error) {
        siginfo_t info;
        edge_reap((pid_t)pid, &info);
        close(fd);
        return -child.error;
    }
    *pidfd = fd;
    return (pid_t)pid;
}
