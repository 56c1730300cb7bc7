#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void edge_reset_signals(void)
{
    // The kernel's call: the C library's refuses the two signals that it keeps for itself.
    static const uint64_t default_action[8];
    for (int signal = 1; signal < 65; signal++)
        syscall(SYS_rt_sigaction, signal, default_action, NULL, 8);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void edge_reap(pid_t pid, siginfo_t *info)
{
    while (waitid(P_PID, (id_t)pid, info, WEXITED) < 0 && errno == EINTR)
        ;
}
