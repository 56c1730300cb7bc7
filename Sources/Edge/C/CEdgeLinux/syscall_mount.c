// Mounts by descriptor (the mount API of Linux 5.2 and mount_setattr of 5.12), and device programs.
#define _GNU_SOURCE
#include "edge_syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RESULT(call)                                                                                         \
    ({                                                                                                       \
        long result_ = (call);                                                                               \
        result_ < 0 ? -errno : result_;                                                                      \
    })

int edge_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)
{
    return RESULT(mount(source, target, type, flags, data));
}

int edge_unmount(const char *target)
{
    return RESULT(umount2(target, UMOUNT_NOFOLLOW));
}

int edge_unmount_detach(const char *target)
{
    return RESULT(umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW));
}

int edge_open_tree(int directory, const char *path, unsigned flags)
{
    unsigned empty = path[0] == 0 ? AT_EMPTY_PATH : 0;
    return RESULT(syscall(SYS_open_tree, directory, path, flags | empty | (unsigned)O_CLOEXEC));
}

int edge_move_mount(int tree, int target)
{
    unsigned empty_paths = 0x04 | 0x40; // MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH
    return RESULT(syscall(SYS_move_mount, tree, "", target, "", empty_paths));
}

int edge_mount_setattr(int tree, int recursive, uint64_t set)
{
    struct {
        uint64_t set, clear, propagation, user_namespace;
    } attributes = {.set = set};
    unsigned flags = AT_EMPTY_PATH | (recursive ? EDGE_TREE_RECURSIVE : 0);
    return RESULT(syscall(SYS_mount_setattr, tree, "", flags, &attributes, sizeof attributes));
}

int edge_bpf_load_device_program(const void *instructions, unsigned count)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = (uint64_t)(uintptr_t)instructions;
    attributes.insn_cnt = count;
    attributes.license = (uint64_t)(uintptr_t) "Apache-2.0";
    return RESULT(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes));
}

int edge_bpf_attach_device_program(int program, int cgroup)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    return RESULT(syscall(SYS_bpf, BPF_PROG_ATTACH, &attributes, sizeof attributes));
}
