// The last step: the program itself.
#define _GNU_SOURCE
#include "launch.h"

#include <string.h>
#include <sys/mman.h>

/// A NULL-terminated array of the strings that follow, on the plan's own bytes.
static char **read_list(struct edge_reader *reader)
{
    uint32_t count = edge_read_u32(reader);
    if (count > (size_t)(reader->end - reader->at) / 8)
        reader->bad = true;
    if (reader->bad)
        return NULL;
    char **list = mmap(
        NULL, (count + 1) * sizeof *list, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (list == MAP_FAILED)
        return NULL;
    for (uint32_t index = 0; index < count; index++)
        list[index] = (char *)edge_read_string(reader);
    return list;
}

static const char *search_path(char **environment)
{
    for (; *environment; environment++)
        if (strncmp(*environment, "PATH=", 5) == 0)
            return *environment + 5;
    return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

/// Tries the directories of PATH in order, as execvp does; the container's PATH counts, not edge's.
static int execute_found(const char *name, char **arguments, char **environment)
{
    int error = ENOENT;
    for (const char *path = search_path(environment); *path;) {
        char candidate[4096];
        size_t length = strcspn(path, ":");
        if (length + strlen(name) + 2 <= sizeof candidate) {
            memcpy(candidate, path, length);
            strcpy(candidate + length, length && path[length - 1] == '/' ? "" : "/");
            strcat(candidate, name);
            execve(candidate, arguments, environment);
            if (errno != ENOENT && errno != ENOTDIR)
                error = errno;
        }
        path += length;
        path += *path == ':';
    }
    return error;
}

int edge_step_execute(struct edge_launch *launch, struct edge_reader *reader)
{
    char **arguments = read_list(reader), **environment = arguments ? read_list(reader) : NULL;
    if (reader->bad || !environment || !arguments[0])
        return edge_fail(launch, EINVAL, "read", "arguments");
    for (int index = 0; index < 3; index++)
        if (launch->stdio[index] >= 0 && dup2(launch->stdio[index], index) < 0)
            return edge_fail(launch, errno, "place", "standard streams");
    int error = edge_close_range(3, ~0u, 1);
    if (error < 0)
        return edge_fail(launch, error, "close", "descriptors");
    if (strchr(arguments[0], '/')) {
        execve(arguments[0], arguments, environment);
        error = errno;
    } else {
        error = execute_found(arguments[0], arguments, environment);
    }
    return edge_fail(launch, error, "exec", arguments[0]);
}
