// Starting a program: everything between clone and exec runs here, in C, on memory prepared before.
#ifndef EDGE_SPAWN_H
#define EDGE_SPAWN_H

#include <stdint.h>
#include <sys/types.h>

struct edge_spawn {
    /// The program: a path, or an open descriptor when `path` is NULL.
    const char *path;
    int program;
    char *const *arguments;
    char *const *environment;
    /// descriptors[i] becomes the child's descriptor i; -1 stands for /dev/null. All others are closed.
    const int *descriptors;
    unsigned descriptor_count;
    /// EDGE_NEW_... flags; the child is made inside the new namespaces.
    uint64_t namespaces;
    /// A cgroup v2 directory to be born in, or -1.
    int cgroup;
    /// Open `tasks` files of v1 cgroups that the child enters.
    const int *task_files;
    unsigned task_file_count;
    /// Makes the child the leader of a new session.
    int new_session;
};

/// Returns the pid and stores a pidfd, or the negated errno of the step that failed.
pid_t edge_spawn(const struct edge_spawn *spawn, int *pidfd);

#endif
