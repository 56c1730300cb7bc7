// Mounts inside the new root.
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

int edge_step_mount(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *type = edge_read_string(reader), *source = edge_read_string(reader);
    const char *target = edge_read_string(reader);
    uint64_t flags = edge_read_u64(reader);
    const char *data = edge_read_string(reader);
    EDGE_OWNED fd = edge_inside_made(launch->root, target, 1, 0755);
    if (fd < 0)
        return edge_fail(launch, fd, "make mount point", target);
    int error = edge_mount(source, edge_fd_path(fd).text, type, flags, *data ? data : NULL);
    return error < 0 ? edge_fail(launch, error, "mount", target) : 0;
}

/// The source, in the host's view. A sub path stays below the volume, whatever links the volume holds.
static int open_source(const char *source, const char *sub_path, uint32_t flags)
{
    int fd = edge_open(source, O_PATH, 0);
    if (fd == -ENOENT && flags & EDGE_BIND_MAKE_SOURCE) {
        EDGE_OWNED host = edge_open("/", O_PATH | O_DIRECTORY, 0);
        fd = edge_inside_made(host, source, 1, 0755);
    }
    if (fd < 0 || !*sub_path)
        return fd;
    EDGE_OWNED volume = fd;
    fd = edge_openat2(volume, sub_path, O_PATH, 0, EDGE_RESOLVE_BENEATH | EDGE_RESOLVE_NO_MAGIC);
    if (fd == -ENOENT && flags & EDGE_BIND_MAKE_SOURCE)
        fd = edge_inside_made(volume, sub_path, 1, 0755);
    return fd;
}

/// Taken before the namespace is isolated: the copy is still a peer of the host's mount, which a shared or
/// slave volume needs.
int edge_step_open_bind(struct edge_launch *launch, struct edge_reader *reader)
{
    uint32_t index = edge_read_u32(reader);
    const char *source = edge_read_string(reader), *sub_path = edge_read_string(reader);
    uint32_t flags = edge_read_u32(reader);
    if (index >= EDGE_MAX_BINDS)
        return edge_fail(launch, E2BIG, "bind", source);
    EDGE_OWNED fd = open_source(source, sub_path, flags);
    if (fd < 0)
        return edge_fail(launch, fd, "open volume", source);
    int tree = edge_open_tree(
        fd, "", EDGE_TREE_CLONE | (flags & EDGE_BIND_RECURSIVE ? EDGE_TREE_RECURSIVE : 0u));
    if (tree < 0)
        return edge_fail(launch, tree, "bind", source);
    launch->binds[index] = tree;
    return 0;
}

/// Before Linux 5.12 attributes are set by a remount, which reaches one mount only.
static int remount(int tree, uint32_t set)
{
    unsigned long flags = (set & EDGE_MOUNT_READONLY ? MS_RDONLY : 0) | (set & EDGE_MOUNT_NOSUID ? MS_NOSUID : 0)
        | (set & EDGE_MOUNT_NODEV ? MS_NODEV : 0) | (set & EDGE_MOUNT_NOEXEC ? MS_NOEXEC : 0);
    return edge_mount(NULL, edge_fd_path(tree).text, NULL, MS_REMOUNT | MS_BIND | flags, NULL);
}

/// Hangs a copied tree at its place. `all_below` asks for the attributes on the mounts below, too.
static int attach(int tree, int target, uint32_t set, int all_below, unsigned long propagation)
{
    int error = set ? edge_mount_setattr(tree, all_below, set) : 0;
    if (error == -ENOSYS && all_below)
        return -ENOSYS;
    int old_kernel = error == -ENOSYS;
    if (error < 0 && !old_kernel)
        return error;
    error = edge_move_mount(tree, target);
    if (error == 0 && old_kernel)
        error = remount(tree, set);
    if (error == 0 && propagation)
        error = edge_mount(NULL, edge_fd_path(tree).text, NULL, propagation, NULL);
    return error;
}

int edge_step_bind(struct edge_launch *launch, struct edge_reader *reader)
{
    uint32_t index = edge_read_u32(reader);
    const char *target = edge_read_string(reader);
    uint32_t set = edge_read_u32(reader), flags = edge_read_u32(reader), propagation = edge_read_u32(reader);
    if (index >= EDGE_MAX_BINDS || launch->binds[index] < 0)
        return edge_fail(launch, EBADF, "bind", target);
    EDGE_OWNED tree = launch->binds[index];
    launch->binds[index] = -1;
    struct stat status;
    if (fstat(tree, &status) < 0)
        return edge_fail(launch, errno, "bind", target);
    EDGE_OWNED fd = edge_inside_made(
        launch->root, target, S_ISDIR(status.st_mode), S_ISDIR(status.st_mode) ? 0755 : 0644);
    if (fd < 0)
        return edge_fail(launch, fd, "make mount point", target);
    int error = attach(tree, fd, set, (flags & EDGE_BIND_ALL_BELOW) != 0, propagation);
    return error < 0 ? edge_fail(launch, error, "bind", target) : 0;
}

/// Directories are covered by one empty read-only file system, files by /dev/null.
int edge_step_mask(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *path = edge_read_string(reader);
    struct stat status;
    EDGE_OWNED fd = edge_inside(launch->root, path);
    if (fd == -ENOENT || fd == -ENOTDIR)
        return 0;
    if (fd < 0 || fstat(fd, &status) < 0)
        return edge_fail(launch, fd < 0 ? fd : errno, "mask", path);
    int error;
    if (!S_ISDIR(status.st_mode)) {
        error = edge_mount("/dev/null", edge_fd_path(fd).text, NULL, MS_BIND, NULL);
    } else if (launch->cover < 0) {
        error = edge_mount(
            "tmpfs", edge_fd_path(fd).text, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
            "size=0,nr_inodes=2,mode=755");
        launch->cover = edge_inside(launch->root, path);
    } else {
        EDGE_OWNED tree = edge_open_tree(launch->cover, "", EDGE_TREE_CLONE);
        error = tree < 0 ? tree : edge_move_mount(tree, fd);
    }
    return error < 0 ? edge_fail(launch, error, "mask", path) : 0;
}

int edge_step_readonly(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *path = edge_read_string(reader);
    EDGE_OWNED fd = edge_inside(launch->root, path);
    if (fd == -ENOENT || fd == -ENOTDIR)
        return 0;
    if (fd < 0)
        return edge_fail(launch, fd, "make read-only", path);
    EDGE_OWNED tree = edge_open_tree(fd, "", EDGE_TREE_CLONE | EDGE_TREE_RECURSIVE);
    int error = tree < 0 ? tree : attach(tree, fd, EDGE_MOUNT_READONLY, 0, 0);
    return error < 0 ? edge_fail(launch, error, "make read-only", path) : 0;
}
