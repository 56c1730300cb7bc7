// Device nodes and links in the container's /dev.
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

static int make_node(int root, const char *path, unsigned mode, dev_t device)
{
    const char *name;
    EDGE_OWNED parent = edge_inside_parent(root, path, &name);
    if (parent < 0)
        return parent;
    return mknodat(parent, name, mode, device) < 0 && errno != EEXIST ? -errno : 0;
}

int edge_step_device(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *path = edge_read_string(reader);
    uint32_t mode = edge_read_u32(reader), major = edge_read_u32(reader), minor = edge_read_u32(reader);
    int error = make_node(launch->root, path, mode, makedev(major, minor));
    return error < 0 ? edge_fail(launch, error, "make device", path) : 0;
}

int edge_step_symlink(struct edge_launch *launch, struct edge_reader *reader)
{
    const char *path = edge_read_string(reader), *contents = edge_read_string(reader), *name;
    EDGE_OWNED parent = edge_inside_parent(launch->root, path, &name);
    if (parent < 0)
        return edge_fail(launch, parent, "make link", path);
    return symlinkat(contents, parent, name) < 0 && errno != EEXIST ? edge_fail(launch, errno, "make link", path)
                                                                    : 0;
}

struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

/// Copies the nodes of one host directory and those below it; terminals and shared memory stay the pod's.
static int copy_nodes(struct edge_launch *launch, int directory, const char *path, unsigned depth)
{
    char buffer[4096] __attribute__((aligned(8)));
    long count;
    while ((count = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < count; at += ((struct entry *)(buffer + at))->length) {
            struct entry *entry = (struct entry *)(buffer + at);
            char child[512];
            struct edge_text text = {child, child + sizeof child};
            struct stat status;
            if (entry->name[0] == '.' || strcmp(entry->name, "pts") == 0 || strcmp(entry->name, "shm") == 0
                || strcmp(entry->name, "mqueue") == 0 || strcmp(entry->name, "console") == 0
                || strcmp(entry->name, "ptmx") == 0
                || fstatat(directory, entry->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
                continue;
            edge_append(&text, path);
            edge_append(&text, "/");
            edge_append(&text, entry->name);
            if (S_ISDIR(status.st_mode) && depth < 8) {
                EDGE_OWNED below = edge_openat(directory, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
                if (below >= 0 && copy_nodes(launch, below, child, depth + 1) < 0)
                    return -1;
            } else if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)) {
                int error = make_node(launch->root, child, status.st_mode, status.st_rdev);
                if (error < 0)
                    return edge_fail(launch, error, "make device", child);
            }
        }
    }
    return 0;
}

int edge_step_host_devices(struct edge_launch *launch, struct edge_reader *reader)
{
    (void)reader;
    EDGE_OWNED directory = edge_open("/dev", O_RDONLY | O_DIRECTORY, 0);
    return directory < 0 ? edge_fail(launch, directory, "open", "/dev") : copy_nodes(launch, directory, "/dev", 0);
}
