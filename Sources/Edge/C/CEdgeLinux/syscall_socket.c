// Unix sockets that carry messages and descriptors.
#define _GNU_SOURCE
#include "edge_syscall.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int edge_accept(int socket)
{
    int fd;
    do
        fd = accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

static int address(struct sockaddr_un *result, const char *path)
{
    *result = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof result->sun_path)
        return -ENAMETOOLONG;
    strcpy(result->sun_path, path);
    return 0;
}

int edge_unix_listen(const char *path, int type, int backlog)
{
    struct sockaddr_un name;
    int error = address(&name, path);
    if (error < 0)
        return error;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    // The mode of the socket file comes from the inode of the socket, before it has a name: no window.
    if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&name, sizeof name) < 0 || listen(fd, backlog) < 0) {
        error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int edge_unix_connect(const char *path, int type)
{
    struct sockaddr_un name;
    int error = address(&name, path);
    if (error < 0)
        return error;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    if (connect(fd, (struct sockaddr *)&name, sizeof name) < 0) {
        error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int edge_socketpair(int type, int pair[2])
{
    return socketpair(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0 ? -errno : 0;
}

int edge_socket_error(int socket)
{
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? -errno : -error;
}

int edge_peer_pid(int socket)
{
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0 ? -errno : credentials.pid;
}

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * EDGE_MAX_FDS)];
};

ssize_t edge_send(int socket, const void *bytes, size_t count, const int *fds, unsigned fd_count)
{
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    union control control;
    if (fd_count > EDGE_MAX_FDS)
        return -EINVAL;
    if (fd_count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
        memcpy(CMSG_DATA(header), fds, sizeof(int) * fd_count);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

ssize_t edge_receive(int socket, void *bytes, size_t capacity, int *fds, unsigned *fd_count)
{
    struct iovec part = {.iov_base = bytes, .iov_len = capacity};
    union control control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control};
    ssize_t received;
    *fd_count = 0;
    do
        received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    while (received < 0 && errno == EINTR);
    if (received < 0)
        return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        *fd_count = (unsigned)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(fds, CMSG_DATA(header), sizeof(int) * *fd_count);
    }
    if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
        for (unsigned index = 0; index < *fd_count; index++)
            close(fds[index]);
        *fd_count = 0;
        return -EMSGSIZE;
    }
    return received;
}
