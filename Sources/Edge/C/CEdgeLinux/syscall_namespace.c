// Namespaces and processes.
#define _GNU_SOURCE
#include "edge_syscall.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define RESULT(call)                                                                                         \
    ({                                                                                                       \
        long result_ = (call);                                                                               \
        result_ < 0 ? -errno : result_;                                                                      \
    })

const char *edge_error_text(int error)
{
    return strerrordesc_np(error);
}

void edge_name_thread(const char *name)
{
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

int edge_setns(int fd, int namespaces)
{
    return RESULT(setns(fd, namespaces));
}

int edge_unshare(int namespaces)
{
    return RESULT(unshare(namespaces));
}

int edge_pivot_root(const char *new_root, const char *put_old)
{
    return RESULT(syscall(SYS_pivot_root, new_root, put_old));
}

int edge_pidfd_open(pid_t pid)
{
    return RESULT(syscall(SYS_pidfd_open, pid, 0));
}

int edge_pidfd_send_signal(int pidfd, int signal)
{
    return RESULT(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int edge_pidfd_reap(int pidfd, int *code, int *signal)
{
    siginfo_t info = {0};
    int result;
    do
        result = waitid((idtype_t)3 /* P_PIDFD */, (id_t)pidfd, &info, WEXITED | WNOHANG);
    while (result < 0 && errno == EINTR);
    if (result < 0)
        return -errno;
    if (info.si_pid == 0)
        return 0;
    *code = info.si_code == CLD_EXITED ? info.si_status : 0;
    *signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
    return 1;
}

int edge_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
    return RESULT(prctl(option, a, b, c, d));
}

pid_t edge_gettid(void)
{
    return (pid_t)syscall(SYS_gettid);
}
