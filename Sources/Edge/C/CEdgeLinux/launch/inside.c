// Paths inside a container's root. Images choose what lies there, so every path is resolved by the kernel
// with the root as its ceiling, and what is found is held by descriptor from then on.
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static const char *relative(const char *path)
{
    while (*path == '/')
        path++;
    return *path ? path : ".";
}

int edge_inside(int root, const char *path)
{
    return edge_openat2(root, relative(path), O_PATH, 0, EDGE_RESOLVE_IN_ROOT | EDGE_RESOLVE_NO_MAGIC);
}

static int open_directory(int root, const char *path)
{
    return edge_openat2(
        root, relative(path), O_PATH | O_DIRECTORY, 0, EDGE_RESOLVE_IN_ROOT | EDGE_RESOLVE_NO_MAGIC);
}

/// Opens a directory inside the root, making it and its parents: the longest existing prefix first.
static int made_directory(int root, const char *path, unsigned mode)
{
    char prefix[4096];
    int fd = open_directory(root, path);
    if (fd != -ENOENT)
        return fd;
    path = relative(path);
    size_t length = strlen(path), end = 0;
    if (length >= sizeof prefix)
        return -ENAMETOOLONG;
    EDGE_OWNED parent = open_directory(root, "");
    while (end < length) {
        size_t start = end;
        end += strcspn(path + end, "/");
        memcpy(prefix, path, end);
        prefix[end] = 0;
        int next = open_directory(root, prefix);
        // The name is taken as it stands: a link that leads nowhere makes this fail with EEXIST.
        if (next == -ENOENT) {
            if (mkdirat(parent, prefix + start, mode) < 0 && errno != EEXIST)
                return -errno;
            next = open_directory(root, prefix);
        }
        if (next < 0)
            return next;
        close(parent);
        parent = next;
        end += strspn(path + end, "/");
    }
    fd = parent;
    parent = -1;
    return fd;
}

int edge_inside_parent(int root, const char *path, const char **name)
{
    char parent[4096];
    path = relative(path);
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof parent)
        return -ENAMETOOLONG;
    memcpy(parent, path, length);
    parent[length] = 0;
    return made_directory(root, parent, 0755);
}

int edge_inside_made(int root, const char *path, int directory, unsigned mode)
{
    if (directory)
        return made_directory(root, path, mode);
    int fd = edge_inside(root, path);
    if (fd != -ENOENT)
        return fd;
    const char *name;
    EDGE_OWNED parent = edge_inside_parent(root, path, &name);
    if (parent < 0)
        return parent;
    EDGE_OWNED file = edge_openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    if (file < 0)
        return file;
    return edge_inside(root, path);
}

struct edge_fd_path edge_fd_path(int fd)
{
    struct edge_fd_path path;
    struct edge_text text = {path.text, path.text + sizeof path.text};
    edge_append(&text, "/proc/self/fd/");
    edge_append_number(&text, (uint64_t)fd, 1);
    return path;
}
