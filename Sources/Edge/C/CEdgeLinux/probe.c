// Questions to the kernel that change nothing on the host.
#define _GNU_SOURCE
#include "edge_syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
// After netinet/in.h, whose definitions it shares.
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4/ip_tables.h>

static int configure(int context, const char *key, const char *value)
{
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, key, value, 0);
}

int edge_probe_overlay(const char *lower, const char *upper, const char *work)
{
    int context = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
    if (context < 0)
        return -errno;
    int result = 0;
    if (configure(context, "lowerdir", lower) < 0 || configure(context, "upperdir", upper) < 0 ||
        configure(context, "workdir", work) < 0 ||
        syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        result = -errno;
    // A mount that is nowhere in the tree, and gone with its descriptor.
    if (result == 0) {
        int mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
        result = mount < 0 ? -errno : 0;
        if (mount >= 0)
            close(mount);
    }
    close(context);
    return result;
}

static int policy(int socket)
{
    struct ipt_getinfo info = {.name = "filter"};
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_IP, IPT_SO_GET_INFO, &info, &size) < 0)
        return -errno;
    size = (socklen_t)(sizeof(struct ipt_get_entries) + info.size);
    struct ipt_get_entries *entries = calloc(1, size);
    if (!entries)
        return -ENOMEM;
    strcpy(entries->name, "filter");
    entries->size = info.size;
    int result = getsockopt(socket, IPPROTO_IP, IPT_SO_GET_ENTRIES, entries, &size) < 0 ? -errno : 0;
    unsigned at = info.underflow[NF_INET_FORWARD];
    if (result == 0 && at + sizeof(struct ipt_entry) + sizeof(struct xt_standard_target) <= info.size) {
        // The policy is the last rule of the chain: a standard target with the negated verdict less one.
        const char *bytes = (const char *)entries->entrytable + at;
        struct ipt_entry entry;
        struct xt_standard_target target;
        memcpy(&entry, bytes, sizeof entry);
        if (at + entry.target_offset + sizeof target <= info.size) {
            memcpy(&target, bytes + entry.target_offset, sizeof target);
            result = target.verdict == -NF_DROP - 1;
        }
    }
    free(entries);
    return result;
}

int edge_probe_iptables_forward(void)
{
    // Asking loads the kernel's module, which a host without legacy tables can do without.
    FILE *names = fopen("/proc/net/ip_tables_names", "re");
    char line[64];
    int used = 0;
    while (names && fgets(line, sizeof line, names))
        used |= strcmp(line, "filter\n") == 0;
    if (names)
        fclose(names);
    if (!used)
        return 0;
    int socket_ = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    if (socket_ < 0)
        return -errno;
    int result = policy(socket_);
    close(socket_);
    return result;
}
