#define _GNU_SOURCE
#include "launch.h"

#include <string.h>

static edge_step_function *const steps[] = {
    [EDGE_STEP_ENTER_CGROUP] = edge_step_enter_cgroup,
    [EDGE_STEP_UNSHARE] = edge_step_unshare,
    [EDGE_STEP_JOIN] = edge_step_join,
    [EDGE_STEP_OPEN_BIND] = edge_step_open_bind,
    [EDGE_STEP_ISOLATE] = edge_step_isolate,
    [EDGE_STEP_ROOT_DIRECTORY] = edge_step_root_directory,
    [EDGE_STEP_ROOT_OVERLAY] = edge_step_root_overlay,
    [EDGE_STEP_MOUNT] = edge_step_mount,
    [EDGE_STEP_BIND] = edge_step_bind,
    [EDGE_STEP_DEVICE] = edge_step_device,
    [EDGE_STEP_HOST_DEVICES] = edge_step_host_devices,
    [EDGE_STEP_SYMLINK] = edge_step_symlink,
    [EDGE_STEP_MASK] = edge_step_mask,
    [EDGE_STEP_READONLY] = edge_step_readonly,
    [EDGE_STEP_DIRECTORY] = edge_step_directory,
    [EDGE_STEP_PIVOT] = edge_step_pivot,
    [EDGE_STEP_READONLY_ROOT] = edge_step_readonly_root,
    [EDGE_STEP_SYSCTL] = edge_step_sysctl,
    [EDGE_STEP_HOSTNAME] = edge_step_hostname,
    [EDGE_STEP_LOOPBACK] = edge_step_loopback,
    [EDGE_STEP_SHARE_PIDS] = edge_step_share_pids,
    [EDGE_STEP_RESOURCE_LIMIT] = edge_step_resource_limit,
    [EDGE_STEP_OOM_SCORE] = edge_step_oom_score,
    [EDGE_STEP_TERMINAL] = edge_step_terminal,
    [EDGE_STEP_BOUNDING_SET] = edge_step_bounding_set,
    [EDGE_STEP_USER] = edge_step_user,
    [EDGE_STEP_CAPABILITIES] = edge_step_capabilities,
    [EDGE_STEP_NO_NEW_PRIVILEGES] = edge_step_no_new_privileges,
    [EDGE_STEP_SECCOMP] = edge_step_seccomp,
    [EDGE_STEP_WORKING_DIRECTORY] = edge_step_working_directory,
    [EDGE_STEP_UMASK] = edge_step_umask,
    [EDGE_STEP_EXECUTE] = edge_step_execute,
};

int edge_fail(struct edge_launch *launch, int error, const char *verb, const char *object)
{
    struct edge_text text = {launch->failure.text, launch->failure.text + sizeof launch->failure.text};
    launch->failure.error = error < 0 ? -error : error;
    edge_append(&text, verb);
    edge_append(&text, " ");
    edge_append(&text, object);
    return -1;
}

void edge_launch_prepare(struct edge_launch *launch)
{
    *launch = (struct edge_launch){
        .report = -1, .stdio = {-1, -1, -1}, .joined = -1, .root = -1, .cover = -1};
    memset(launch->binds, -1, sizeof launch->binds);
}

int edge_launch_run(struct edge_launch *launch, const void *plan, size_t size)
{
    struct edge_reader reader = {plan, (const uint8_t *)plan + size, false};
    if (edge_read_u32(&reader) != EDGE_PLAN_MAGIC || edge_read_u32(&reader) != EDGE_PLAN_VERSION)
        return edge_fail(launch, EPROTO, "read", "launch plan");
    while (reader.at < reader.end) {
        uint32_t step = edge_read_u32(&reader), length = edge_read_u32(&reader);
        launch->failure.step = step;
        if (reader.bad || length > (size_t)(reader.end - reader.at) || step >= sizeof steps / sizeof *steps
            || !steps[step])
            return edge_fail(launch, EPROTO, "read", "launch plan");
        struct edge_reader fields = {reader.at, reader.at + length, false};
        reader.at += length;
        if (steps[step](launch, &fields) < 0)
            return -1;
        if (fields.bad)
            return edge_fail(launch, EPROTO, "read", "launch plan");
    }
    return 0;
}
