// Namespaces and cgroups to enter, and the host's side of a new namespace.
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

/// "0" stands for the writer. Through `tasks` a single thread moves without the kernel's global lock, which
/// `cgroup.procs` would take for milliseconds.
int edge_step_enter_cgroup(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *path = edge_read_string(reader);
    EDGE_OWNED fd = edge_open(path, O_WRONLY, 0);
    if (fd < 0 || write(fd, "0", 1) < 0)
        return edge_fail(launch, fd < 0 ? fd : errno, "enter cgroup", path);
    return 0;
}

int edge_step_unshare(struct edge_launch *launch, struct edge_reader *reader)
{
    int error = edge_unshare((int)edge_read_u32(reader));
    return error < 0 ? edge_fail(launch, error, "make", "namespace") : 0;
}

int edge_step_join(struct edge_launch *launch, struct edge_reader *reader)
{
    int error = edge_setns(launch->joined, (int)edge_read_u32(reader));
    return error < 0 ? edge_fail(launch, error, "join", "container") : 0;
}

int edge_step_hostname(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *name = edge_read_string(reader);
    return sethostname(name, strlen(name)) < 0 ? edge_fail(launch, errno, "set hostname", name) : 0;
}

int edge_step_loopback(struct edge_launch *launch, struct edge_reader *reader)
{
    (void)reader;
    struct ifreq request = {.ifr_name = "lo"};
    EDGE_OWNED fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
        return edge_fail(launch, errno, "find", "lo");
    request.ifr_flags |= IFF_UP;
    return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? edge_fail(launch, errno, "bring up", "lo") : 0;
}

int edge_step_share_pids(struct edge_launch *launch, struct edge_reader *reader)
{
    (void)reader;
    launch->share_pids = 1;
    return 0;
}

int edge_step_umask(struct edge_launch *launch, struct edge_reader *reader)
{
    (void)launch;
    umask(edge_read_u32(reader));
    return 0;
}

/// As the container's user, who may lack the right to enter it.
int edge_step_working_directory(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *path = edge_read_string(reader);
    return chdir(path) < 0 ? edge_fail(launch, errno, "change to", path) : 0;
}
