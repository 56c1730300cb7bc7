// Who the process is and what it may do: limits, identity, capabilities, seccomp.
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static int write_file(const char *path, const char *value)
{
    EDGE_OWNED fd = edge_open(path, O_WRONLY, 0);
    if (fd < 0)
        return fd;
    return write(fd, value, strlen(value)) < 0 ? -errno : 0;
}

int edge_step_resource_limit(struct edge_launch *launch, struct edge_reader *reader)
{
    uint32_t resource = edge_read_u32(reader);
    struct rlimit64 limit = {.rlim_cur = edge_read_u64(reader)}, now;
    limit.rlim_max = edge_read_u64(reader);
    if (prlimit64(0, resource, &limit, NULL) == 0)
        return 0;
    // Without CAP_SYS_RESOURCE (edge itself in a container) the hard limit can only fall.
    if (errno != EPERM || prlimit64(0, resource, NULL, &now) < 0)
        return edge_fail(launch, errno, "set", "resource limit");
    limit.rlim_max = limit.rlim_max < now.rlim_max ? limit.rlim_max : now.rlim_max;
    limit.rlim_cur = limit.rlim_cur < limit.rlim_max ? limit.rlim_cur : limit.rlim_max;
    return prlimit64(0, resource, &limit, NULL) < 0 ? edge_fail(launch, errno, "set", "resource limit") : 0;
}

int edge_step_oom_score(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *score = edge_read_string(reader);
    int error = write_file("/proc/self/oom_score_adj", score);
    // EACCES: lowering it needs CAP_SYS_RESOURCE. The pod runs with the score it inherited.
    return error < 0 && error != -EACCES ? edge_fail(launch, error, "set", "oom score") : 0;
}

int edge_step_sysctl(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *name = edge_read_string(reader), *value = edge_read_string(reader);
    char path[512];
    struct edge_text text = {path, path + sizeof path};
    edge_append(&text, "/proc/sys/");
    edge_append(&text, name);
    int error = write_file(path, value);
    return error < 0 ? edge_fail(launch, error, "set sysctl", name) : 0;
}

int edge_step_bounding_set(struct edge_launch *launch, struct edge_reader *reader)
{
    uint64_t kept = edge_read_u64(reader);
    for (unsigned capability = 0; capability < 64; capability++) {
        if (kept >> capability & 1)
            continue;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) {
            if (errno == EINVAL)
                break; // past the last one that the kernel knows
            return edge_fail(launch, errno, "drop", "capability");
        }
    }
    return 0;
}

int edge_step_user(struct edge_launch *launch, struct edge_reader *reader)
{
    uint32_t uid = edge_read_u32(reader), gid = edge_read_u32(reader), count = edge_read_u32(reader);
    gid_t groups[1024];
    if (count > sizeof groups / sizeof *groups)
        return edge_fail(launch, E2BIG, "set", "groups");
    for (uint32_t index = 0; index < count; index++)
        groups[index] = edge_read_u32(reader);
    // A process that is not root can then reopen /dev/stdout and its siblings.
    for (int index = 0; uid != 0 && index < 3; index++)
        if (launch->stdio[index] >= 0)
            (void)!fchown(launch->stdio[index], uid, (gid_t)-1);
    if (uid != 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        return edge_fail(launch, errno, "keep", "capabilities");
    if (syscall(SYS_setgroups, count, groups) < 0)
        return edge_fail(launch, errno, "set", "groups");
    if (syscall(SYS_setresgid, gid, gid, gid) < 0)
        return edge_fail(launch, errno, "set", "group");
    if (syscall(SYS_setresuid, uid, uid, uid) < 0)
        return edge_fail(launch, errno, "set", "user");
    return 0;
}

static void split(
    struct __user_cap_data_struct data[2], uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
    for (int half = 0; half < 2; half++)
        data[half] = (struct __user_cap_data_struct){
            (uint32_t)(effective >> 32 * half), (uint32_t)(permitted >> 32 * half),
            (uint32_t)(inheritable >> 32 * half)};
}

int edge_step_capabilities(struct edge_launch *launch, struct edge_reader *reader)
{
    uint64_t effective = edge_read_u64(reader), permitted = edge_read_u64(reader);
    uint64_t inheritable = edge_read_u64(reader), ambient = edge_read_u64(reader);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0)
        return edge_fail(launch, errno, "read", "capabilities");
    // What the host does not have nobody can be given (edge itself in a container).
    uint64_t owned = data[0].permitted | (uint64_t)data[1].permitted << 32;
    split(data, effective & owned, permitted & owned, inheritable & owned);
    if (syscall(SYS_capset, &header, data) < 0)
        return edge_fail(launch, errno, "set", "capabilities");
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (unsigned capability = 0; capability < 64; capability++)
        if ((ambient & permitted & inheritable & owned) >> capability & 1
            && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
            return edge_fail(launch, errno, "raise", "ambient capability");
    return 0;
}

int edge_step_no_new_privileges(struct edge_launch *launch, struct edge_reader *reader)
{
    (void)reader;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? edge_fail(launch, errno, "set", "no_new_privs") : 0;
}

int edge_step_seccomp(struct edge_launch *launch, struct edge_reader *reader)
{
    uint32_t size;
    const uint8_t *program = edge_read_bytes(reader, &size);
    struct sock_fprog filter = {
        .len = (unsigned short)(size / sizeof(struct sock_filter)), .filter = (struct sock_filter *)program};
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
    return result < 0 ? edge_fail(launch, errno, "set", "seccomp filter") : 0;
}
