// The container's root file system: an overlay or a directory, mounted in the container's own mount
// namespace only. It has no name on the host and disappears with the container's last process.
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

int edge_step_isolate(struct edge_launch *launch, struct edge_reader *reader)
{
    (void)reader;
    int error = edge_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    return error < 0 ? edge_fail(launch, error, "make private", "/") : 0;
}

static int open_root(struct edge_launch *launch, const char *mount_point)
{
    launch->root = edge_open(mount_point, O_PATH | O_DIRECTORY, 0);
    return launch->root < 0 ? edge_fail(launch, launch->root, "open root", mount_point) : 0;
}

int edge_step_root_directory(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *mount_point = edge_read_string(reader), *directory = edge_read_string(reader);
    int error = edge_mount(directory, mount_point, NULL, MS_BIND | MS_REC, NULL);
    if (error < 0)
        return edge_fail(launch, error, "mount root", directory);
    return open_root(launch, mount_point);
}

/// The layers are named by descriptor, relative to /proc/self/fd: the kernel takes a page of options only,
/// and neither colons nor commas in a path matter. The descriptors stay open until exec.
int edge_step_root_overlay(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *mount_point = edge_read_string(reader), *extra = edge_read_string(reader);
    const char *upper = edge_read_string(reader), *work = edge_read_string(reader);
    uint32_t count = edge_read_u32(reader);
    char options[4096];
    struct edge_text text = {options, options + sizeof options};
    for (uint32_t index = 0; index < count + 2; index++) {
        const char *path = index == 0 ? upper : index == 1 ? work : edge_read_string(reader);
        int fd = edge_open(path, O_PATH | O_DIRECTORY, 0);
        if (fd < 0)
            return edge_fail(launch, fd, "open layer", path);
        edge_append(&text, index == 0 ? "upperdir=" : index == 1 ? ",workdir=" : index == 2 ? ",lowerdir=" : ":");
        edge_append_number(&text, (uint64_t)fd, 1);
    }
    if (*extra)
        edge_append(&text, ",");
    edge_append(&text, extra);
    if (text.at + 1 >= text.end)
        return edge_fail(launch, E2BIG, "mount root", "too many layers");
    if (chdir("/proc/self/fd") < 0)
        return edge_fail(launch, errno, "change to", "/proc/self/fd");
    int error = edge_mount("overlay", mount_point, "overlay", 0, options);
    if (error < 0)
        return edge_fail(launch, error, "mount overlay at", mount_point);
    if (chdir("/") < 0)
        return edge_fail(launch, errno, "change to", "/");
    return open_root(launch, mount_point);
}

int edge_step_pivot(struct edge_launch *launch, struct edge_reader *reader)
{
    (void)reader;
    if (fchdir(launch->root) < 0)
        return edge_fail(launch, errno, "change to", "new root");
    // The old root is stacked on top of the new one and taken off again: no place for it is needed.
    int error = edge_pivot_root(".", ".");
    if (error < 0)
        return edge_fail(launch, error, "pivot to", "new root");
    error = edge_unmount_detach(".");
    if (error < 0)
        return edge_fail(launch, error, "unmount", "old root");
    return chdir("/") < 0 ? edge_fail(launch, errno, "change to", "/") : 0;
}

int edge_step_readonly_root(struct edge_launch *launch, struct edge_reader *reader)
{
    (void)reader;
    int error = edge_mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
    return error < 0 ? edge_fail(launch, error, "make read-only", "/") : 0;
}

int edge_step_directory(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *path = edge_read_string(reader);
    EDGE_OWNED fd = edge_inside_made(launch->root, path, 1, edge_read_u32(reader));
    return fd < 0 ? edge_fail(launch, fd, "make directory", path) : 0;
}
