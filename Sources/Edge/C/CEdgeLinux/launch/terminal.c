// A terminal of the container's own devpts as controlling terminal and standard streams.
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <termios.h>

/// Makes /dev/console the same terminal.
static int bind_console(int terminal)
{
    unsigned number;
    char path[32];
    struct edge_text text = {path, path + sizeof path};
    if (ioctl(terminal, TIOCGPTN, &number) < 0)
        return -errno;
    edge_append(&text, "/dev/pts/");
    edge_append_number(&text, number, 1);
    EDGE_OWNED file = edge_open("/dev/console", O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    return edge_mount(path, "/dev/console", NULL, MS_BIND, NULL);
}

int edge_step_terminal(struct edge_launch *launch, struct edge_reader *reader)
{
    struct winsize size = {.ws_col = (unsigned short)edge_read_u32(reader)};
    size.ws_row = (unsigned short)edge_read_u32(reader);
    uint32_t console = edge_read_u32(reader);
    int unlocked = 0;
    EDGE_OWNED master = edge_open("/dev/ptmx", O_RDWR | O_NOCTTY, 0);
    if (master < 0)
        return edge_fail(launch, master, "open", "/dev/ptmx");
    if (ioctl(master, TIOCSPTLCK, &unlocked) < 0)
        return edge_fail(launch, errno, "unlock", "terminal");
    int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0)
        return edge_fail(launch, errno, "open", "terminal");
    if (size.ws_col && size.ws_row)
        ioctl(master, TIOCSWINSZ, &size);
    if (ioctl(slave, TIOCSCTTY, 0) < 0)
        return edge_fail(launch, errno, "take over", "terminal");
    if (console) {
        int error = bind_console(master);
        if (error < 0)
            return edge_fail(launch, error, "bind", "/dev/console");
    }
    ssize_t sent = edge_send(launch->report, "T", 1, &master, 1);
    if (sent < 0)
        return edge_fail(launch, (int)sent, "hand over", "terminal");
    for (int index = 0; index < 3; index++)
        launch->stdio[index] = slave;
    return 0;
}
