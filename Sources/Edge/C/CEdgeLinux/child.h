// What every child does between clone and exec, and small helpers for that time.
#ifndef EDGE_CHILD_H
#define EDGE_CHILD_H

#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

/// Default actions for all signals and an empty mask: ignored signals would survive exec.
void edge_reset_signals(void);
/// Waits for an ended child.
void edge_reap(pid_t pid, siginfo_t *info);

static inline void edge_close_cleanup(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
/// A descriptor that its scope closes.
#define EDGE_OWNED __attribute__((cleanup(edge_close_cleanup))) int

#endif
