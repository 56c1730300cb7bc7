// What edge asks of the helper.
#define _GNU_SOURCE
#include "pod.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

struct request {
    struct edge_pod_header header;
    struct edge_reader fields;
    int fds[EDGE_MAX_FDS];
    unsigned fd_count, fd_next;
};

static uint8_t outgoing[EDGE_POD_MESSAGE];

static struct edge_writer begin(uint16_t type, uint32_t sequence, int error)
{
    struct edge_pod_header header = {
        .version = EDGE_POD_VERSION, .type = type, .sequence = sequence, .error = error < 0 ? -error : error};
    memcpy(outgoing, &header, sizeof header);
    return (struct edge_writer){outgoing + sizeof header, outgoing + sizeof outgoing, false};
}

/// An edge that does not read is treated as gone: it connects again and lists.
static void send_message(const struct edge_writer *writer, const int *fds, unsigned count)
{
    if (edge_pod.peer < 0)
        return;
    if (edge_send(edge_pod.peer, outgoing, (size_t)(writer->at - outgoing), fds, count) < 0) {
        pod_close(edge_pod.peer);
        edge_pod.peer = -1;
    }
}

static void reply(const struct request *request, int error, const char *text)
{
    struct edge_writer writer = begin(request->header.type, request->header.sequence, error);
    if (error)
        edge_write_string(&writer, text);
    send_message(&writer, NULL, 0);
}

void pod_reply_started(struct pod_process *process, int error, const char *text, int terminal)
{
    uint16_t type = process->kind == EDGE_POD_KIND_EXEC ? EDGE_POD_EXEC : EDGE_POD_START;
    struct edge_writer writer = begin(type, process->sequence, error);
    if (error) {
        edge_write_string(&writer, text);
    } else {
        edge_write_u32(&writer, (uint32_t)process->pid);
        edge_write_u64(&writer, process->started);
    }
    send_message(&writer, &terminal, terminal >= 0);
}

void pod_send_exit(const struct pod_process *process, int code, int signal, bool oom, uint64_t finished)
{
    struct edge_writer writer = begin(EDGE_POD_EXITED, 0, 0);
    edge_write_u32(&writer, (uint32_t)process->kind);
    edge_write_string(&writer, process->id);
    edge_write_string(&writer, process->container);
    edge_write_u32(&writer, (uint32_t)code);
    edge_write_u32(&writer, (uint32_t)signal);
    edge_write_u32(&writer, oom);
    edge_write_u64(&writer, finished);
    send_message(&writer, NULL, 0);
}

static void list(const struct request *request)
{
    if (edge_pod.failure.error) {
        reply(request, edge_pod.failure.error, edge_pod.failure.text);
        return;
    }
    uint32_t count = 0;
    for (int index = 0; index < POD_PROCESSES; index++)
        count += edge_pod.processes[index].state != POD_FREE;
    struct edge_writer writer = begin(EDGE_POD_LIST, request->header.sequence, 0);
    edge_write_u32(&writer, EDGE_POD_VERSION);
    edge_write_u32(&writer, (uint32_t)getpid());
    edge_write_u32(&writer, count);
    for (int index = 0; index < POD_PROCESSES; index++) {
        const struct pod_process *process = &edge_pod.processes[index];
        if (process->state == POD_FREE)
            continue;
        edge_write_u32(&writer, (uint32_t)process->kind);
        edge_write_u32(&writer, process->state);
        edge_write_string(&writer, process->id);
        edge_write_string(&writer, process->container);
        edge_write_u32(&writer, (uint32_t)process->pid);
        edge_write_u64(&writer, process->started);
    }
    send_message(&writer, NULL, 0);
}

/// The next attached descriptor, now the caller's; -1 if the flag says that there is none.
static int take(struct request *request, bool present)
{
    if (!present || request->fd_next >= request->fd_count)
        return -1;
    return request->fds[request->fd_next++];
}

/// Both ends of one pipe: `inner` for the container, `outer` kept here.
static int make_pipe(int *inner, int *outer, bool into_container)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    *inner = ends[into_container ? 0 : 1];
    *outer = ends[into_container ? 1 : 0];
    return edge_set_nonblocking(*outer);
}

static int make_streams(struct pod_process *process, uint32_t flags, int stdio[3])
{
    int error = 0;
    if (flags & EDGE_POD_TERMINAL)
        return 0;
    if (flags & EDGE_POD_INPUT)
        error = make_pipe(&stdio[0], &process->input, true);
    for (int index = 0; error >= 0 && index < 2; index++) {
        error = make_pipe(&stdio[index + 1], &process->output[index].fd, false);
        if (error >= 0)
            pod_watch(process->output[index].fd, EPOLLIN, index ? POD_ERROR_OUTPUT : POD_OUTPUT, process);
    }
    return error;
}

static void close_stdio(const int stdio[3])
{
    for (int index = 0; index < 3; index++)
        if (stdio[index] >= 0)
            close(stdio[index]);
}

static struct pod_process *find_running_container(const char *id)
{
    struct pod_process *found = pod_find(id);
    return found && found->state == POD_RUNNING && found->kind == EDGE_POD_KIND_CONTAINER ? found : NULL;
}

static void start(struct request *request)
{
    struct pod_process *joined = NULL;
    if (request->header.type == EDGE_POD_START_IN) {
        joined = find_running_container(edge_read_string(&request->fields));
        if (!joined)
            return reply(request, ESRCH, "find target container");
    }
    const char *id = edge_read_string(&request->fields);
    uint32_t flags = edge_read_u32(&request->fields);
    uint64_t clone_flags = edge_read_u64(&request->fields);
    const char *log_name = edge_read_string(&request->fields);
    uint64_t log_limit = edge_read_u64(&request->fields);
    uint32_t log_files = edge_read_u32(&request->fields);
    struct pod_process *process = pod_find(id) ? NULL : pod_allocate(id, "", EDGE_POD_KIND_CONTAINER);
    if (request->fields.bad || !process || strlen(log_name) >= sizeof process->log.name)
        return reply(request, process ? EINVAL : EBUSY, "start container");
    process->sequence = request->header.sequence;
    EDGE_OWNED plan = take(request, true);
    process->log.directory = take(request, flags & EDGE_POD_HAS_LOG);
    process->oom = take(request, flags & EDGE_POD_HAS_OOM);
    EDGE_OWNED cgroup = take(request, flags & EDGE_POD_HAS_CGROUP);
    strcpy(process->log.name, log_name);
    process->log.limit = log_limit;
    process->log.files = log_files > 0 ? log_files : 1;
    const char *what = "open log";
    int stdio[3] = {-1, -1, -1}, error = process->log.directory >= 0 ? pod_log_open(&process->log) : 0;
    if (error >= 0) {
        what = "clone";
        error = make_streams(process, flags, stdio);
    }
    if (error >= 0)
        error = pod_launch(process, plan, flags, clone_flags, cgroup, stdio, joined);
    close_stdio(stdio);
    if (error < 0) {
        reply(request, error, what);
        pod_release(process);
    }
}

static void exec(struct request *request)
{
    const char *id = edge_read_string(&request->fields), *container = edge_read_string(&request->fields);
    uint32_t flags = edge_read_u32(&request->fields);
    uint64_t clone_flags = edge_read_u64(&request->fields);
    struct pod_process *joined = find_running_container(container);
    if (!joined)
        return reply(request, ESRCH, "find container");
    struct pod_process *process = pod_find(id) ? NULL : pod_allocate(id, container, EDGE_POD_KIND_EXEC);
    if (request->fields.bad || !process)
        return reply(request, EBUSY, "exec");
    process->sequence = request->header.sequence;
    EDGE_OWNED plan = take(request, true);
    EDGE_OWNED cgroup = take(request, flags & EDGE_POD_HAS_CGROUP);
    int stdio[3] = {
        take(request, flags & EDGE_POD_HAS_STDIN), take(request, flags & EDGE_POD_HAS_STDOUT),
        take(request, flags & EDGE_POD_HAS_STDERR)};
    int error = pod_launch(process, plan, flags, clone_flags, cgroup, stdio, joined);
    close_stdio(stdio);
    if (error < 0) {
        reply(request, error, "clone");
        pod_release(process);
    }
}

static void attach(struct request *request, struct pod_process *process)
{
    int client = take(request, true), error = client < 0 ? -EINVAL : pod_attach(process, client);
    if (error < 0) {
        if (client >= 0)
            close(client);
        return reply(request, error, "attach");
    }
    struct edge_writer writer = begin(EDGE_POD_ATTACH, request->header.sequence, 0);
    edge_write_u32(&writer, process->terminal);
    send_message(&writer, &process->input, process->input >= 0);
}

/// The connection is only begun here; whoever gets the socket waits for it.
static void dial(struct request *request)
{
    uint32_t family = edge_read_u32(&request->fields), port = edge_read_u32(&request->fields), size;
    const uint8_t *address = edge_read_bytes(&request->fields, &size);
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } name = {.v6 = {.sin6_family = (sa_family_t)family, .sin6_port = htons((uint16_t)port)}};
    bool six = family == AF_INET6;
    if (request->fields.bad || size != (six ? 16u : 4u))
        return reply(request, EINVAL, "dial");
    memcpy(six ? (void *)&name.v6.sin6_addr : (void *)&name.v4.sin_addr, address, size);
    EDGE_OWNED fd = socket((int)family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return reply(request, errno, "make socket");
    if (connect(fd, &name.any, six ? sizeof name.v6 : sizeof name.v4) < 0 && errno != EINPROGRESS)
        return reply(request, errno, "connect");
    struct edge_writer writer = begin(EDGE_POD_DIAL, request->header.sequence, 0);
    send_message(&writer, &fd, 1);
}

static void close_input(struct pod_process *process)
{
    if (process->input >= 0 && !process->terminal)
        close(process->input);
    if (!process->terminal)
        process->input = -1;
}

static void quit(struct request *request)
{
    for (int index = 0; index < POD_PROCESSES; index++)
        if (edge_pod.processes[index].state != POD_FREE)
            return reply(request, EBUSY, "quit");
    reply(request, 0, "");
    _exit(0);
}

/// Requests about one process.
static void manage(struct request *request)
{
    struct pod_process *process = pod_find(edge_read_string(&request->fields));
    if (!process)
        return reply(request, ESRCH, "find container");
    int error = 0;
    switch (request->header.type) {
    case EDGE_POD_SIGNAL:
        error = edge_pidfd_send_signal(process->pidfd, (int)edge_read_u32(&request->fields));
        return reply(request, error, "signal");
    case EDGE_POD_ATTACH:
        return attach(request, process);
    case EDGE_POD_CLOSE_INPUT:
        close_input(process);
        return reply(request, 0, "");
    case EDGE_POD_REOPEN_LOG:
        error = process->log.directory >= 0 ? pod_log_open(&process->log) : 0;
        return reply(request, error, "open log");
    default:
        return reply(request, ENOSYS, "understand request");
    }
}

static void handle(struct request *request)
{
    switch (request->header.type) {
    case EDGE_POD_LIST:
        return list(request);
    case EDGE_POD_START:
    case EDGE_POD_START_IN:
        return start(request);
    case EDGE_POD_EXEC:
        return exec(request);
    case EDGE_POD_DIAL:
        return dial(request);
    case EDGE_POD_QUIT:
        return quit(request);
    default:
        return manage(request);
    }
}

void pod_receive(void)
{
    static uint8_t incoming[EDGE_POD_MESSAGE];
    struct request request = {0};
    ssize_t count = edge_receive(edge_pod.peer, incoming, sizeof incoming, request.fds, &request.fd_count);
    if (count == -EAGAIN)
        return;
    if (count < (ssize_t)sizeof request.header) {
        pod_close(edge_pod.peer);
        edge_pod.peer = -1;
        return;
    }
    memcpy(&request.header, incoming, sizeof request.header);
    request.fields = (struct edge_reader){incoming + sizeof request.header, incoming + count, false};
    handle(&request);
    while (request.fd_next < request.fd_count)
        close(request.fds[request.fd_next++]);
}
