// Inside of the launcher: one process carrying out its plan.
#ifndef EDGE_LAUNCH_INTERNAL_H
#define EDGE_LAUNCH_INTERNAL_H

#include <errno.h>
#include <stdint.h>
#include <sys/types.h>

#include "../child.h"
#include "../include/edge_launch.h"
#include "../include/edge_syscall.h"
#include "../wire.h"

/// Why a plan could not be carried out.
struct edge_failure {
    int32_t error;
    uint32_t step;
    char text[248];
};

struct edge_launch {
    /// Where a terminal's master is sent; -1 if there is nobody.
    int report;
    /// What becomes descriptors 0, 1 and 2; -1 leaves /dev/null there.
    int stdio[3];
    /// The container to join, by the pidfd of its first process; or -1.
    int joined;
    /// The new root, before the pivot.
    int root;
    /// An empty read-only mount that covers masked directories; or -1.
    int cover;
    int binds[EDGE_MAX_BINDS];
    /// Set by SHARE_PIDS.
    int share_pids;
    struct edge_failure failure;
};

void edge_launch_prepare(struct edge_launch *launch);
/// Carries out the steps in order. 0, or -1 with `failure` filled. EXECUTE does not come back.
int edge_launch_run(struct edge_launch *launch, const void *plan, size_t size);

/// Notes a failure: "verb object". Returns -1. `error` may be negated.
int edge_fail(struct edge_launch *launch, int error, const char *verb, const char *object);

typedef int edge_step_function(struct edge_launch *launch, struct edge_reader *reader);
edge_step_function edge_step_enter_cgroup, edge_step_unshare, edge_step_join, edge_step_open_bind,
    edge_step_isolate, edge_step_root_directory, edge_step_root_overlay, edge_step_mount, edge_step_bind,
    edge_step_device, edge_step_host_devices, edge_step_symlink, edge_step_mask, edge_step_readonly,
    edge_step_directory, edge_step_pivot, edge_step_readonly_root, edge_step_sysctl, edge_step_hostname,
    edge_step_loopback, edge_step_share_pids, edge_step_resource_limit, edge_step_oom_score,
    edge_step_terminal, edge_step_bounding_set, edge_step_user, edge_step_capabilities,
    edge_step_no_new_privileges, edge_step_seccomp, edge_step_working_directory, edge_step_umask,
    edge_step_execute;

/// Opens a path of the new root as the container would see it: links never lead outside. O_PATH.
int edge_inside(int root, const char *path);
/// The same, after making it: a directory, or an empty file, with its parents.
int edge_inside_made(int root, const char *path, int directory, unsigned mode);
/// Opens the parent directory of a path inside the root, making it if need be; `name` gets the last component.
int edge_inside_parent(int root, const char *path, const char **name);
/// "/proc/self/fd/N", a path to an open file for calls that want one.
struct edge_fd_path {
    char text[32];
};
struct edge_fd_path edge_fd_path(int fd);

#endif
