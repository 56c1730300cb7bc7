#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>

void edge_reset_signals(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < 65; signal++)
        sigaction(signal, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void edge_reap(pid_t pid, siginfo_t *info)
{
    while (waitid(P_PID, (id_t)pid, info, WEXITED) < 0 && errno == EINTR)
        ;
}
