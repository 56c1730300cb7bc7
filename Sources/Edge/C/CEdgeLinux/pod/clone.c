// Making the child that becomes a container's process.
#define _GNU_SOURCE
#include "pod.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/// In the child. Either its plan ends in exec, or the reason goes to the helper.
static _Noreturn void run(int report, const int stdio[3], int joined, const void *plan, size_t size)
{
    struct edge_launch *launch = mmap(
        NULL, sizeof *launch, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (launch == MAP_FAILED)
        _exit(127);
    edge_launch_prepare(launch);
    launch->report = report;
    launch->joined = joined;
    memcpy(launch->stdio, stdio, sizeof launch->stdio);
    edge_reset_signals();
    setsid();
    edge_launch_run(launch, plan, size);
    edge_send(report, &launch->failure, sizeof launch->failure, NULL, 0);
    _exit(127);
}

/// A child in the pid namespace of `joined`: only children of the caller enter it, so the helper goes there
/// for the moment of the clone.
static long clone_child(struct clone_args *arguments, int joined)
{
    int error = joined >= 0 ? edge_setns(joined, EDGE_NEW_PID) : 0;
    if (error < 0)
        return error;
    long pid = syscall(SYS_clone3, arguments, sizeof *arguments);
    if (pid < 0)
        pid = -errno;
    if (joined >= 0 && pid != 0)
        edge_setns(edge_pod.own_pids, EDGE_NEW_PID);
    return pid;
}

int pod_launch(struct pod_process *process, int plan, uint32_t flags, uint64_t clone_flags, int cgroup,
    const int stdio[3], struct pod_process *joined)
{
    int reports[2], pids = joined ? joined->pidfd : flags & EDGE_POD_SHARED_PIDS ? edge_pod.init : -1;
    struct stat status;
    if (fstat(plan, &status) < 0)
        return -errno;
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, plan, 0);
    if (bytes == MAP_FAILED)
        return -errno;
    int error = edge_socketpair(SOCK_SEQPACKET, reports);
    if (error < 0) {
        munmap(bytes, (size_t)status.st_size);
        return error;
    }
    struct clone_args arguments = {
        .flags = CLONE_PIDFD | (clone_flags & (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWCGROUP)),
        .pidfd = (uint64_t)(uintptr_t)&process->pidfd,
        .exit_signal = SIGCHLD,
    };
    if (cgroup >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)cgroup;
    }
    long pid = clone_child(&arguments, pids);
    if (pid == 0)
        run(reports[1], stdio, joined ? joined->pidfd : -1, bytes, (size_t)status.st_size);
    close(reports[1]);
    munmap(bytes, (size_t)status.st_size);
    if (pid < 0) {
        close(reports[0]);
        return (int)pid;
    }
    process->pid = (pid_t)pid;
    process->report = reports[0];
    process->started = pod_now();
    pod_watch(process->report, EPOLLIN, POD_REPORT, process);
    return 0;
}

/// Takes the terminal as the container's output and input; an exec's goes to whoever asked for it.
static void take_terminal(struct pod_process *process, int master)
{
    edge_set_nonblocking(master);
    process->terminal = true;
    process->input = process->output[0].fd = master;
    if (process->kind == EDGE_POD_KIND_CONTAINER)
        pod_watch(master, EPOLLIN, POD_OUTPUT, process);
}

/// The report socket spoke: a terminal, a failure, or its end, which is exec's success.
void pod_reported(struct pod_process *process)
{
    struct edge_failure failure;
    int fds[EDGE_MAX_FDS];
    unsigned count;
    for (;;) {
        ssize_t received = edge_receive(process->report, &failure, sizeof failure, fds, &count);
        if (received == -EAGAIN)
            return;
        if (received == 1 && count == 1) {
            take_terminal(process, fds[0]);
            continue;
        }
        pod_close(process->report);
        process->report = -1;
        if (received == sizeof failure) {
            failure.text[sizeof failure.text - 1] = 0;
            pod_reply_started(process, failure.error ? failure.error : EIO, failure.text, -1);
            return;
        }
        process->state = POD_RUNNING;
        bool hand_over = process->terminal && process->kind == EDGE_POD_KIND_EXEC;
        pod_reply_started(process, 0, "", hand_over ? process->output[0].fd : -1);
        if (hand_over) {
            pod_close(process->output[0].fd);
            process->input = process->output[0].fd = -1;
        }
        return;
    }
}
