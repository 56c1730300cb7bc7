// Output of the containers: to the log always, to attached clients as fast as they take it.
#define _GNU_SOURCE
#include "pod.h"

#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>

static uint8_t chunk[1 + POD_LINE + POD_CHUNK];

static enum pod_tag tag_of(int index)
{
    return index ? POD_ERROR_OUTPUT : POD_OUTPUT;
}

static void drop_client(struct pod_process *process, int client)
{
    pod_close(process->clients[client]);
    process->clients[client] = -1;
}

static void resume(struct pod_process *process)
{
    for (int index = 0; index < 2; index++) {
        struct pod_stream *stream = &process->output[index];
        if (stream->fd >= 0 && stream->paused) {
            stream->paused = false;
            pod_watch(stream->fd, EPOLLIN, tag_of(index), process);
        }
    }
}

/// A client whose socket is full holds the container up, as a terminal that is not read would. The kernel
/// calls a unix socket writable while three quarters of its buffer are free, so one packet always fits.
static bool clients_ready(struct pod_process *process)
{
    bool ready = true;
    for (int client = 0; client < POD_CLIENTS; client++) {
        if (process->clients[client] < 0)
            continue;
        struct pollfd poll_entry = {.fd = process->clients[client], .events = POLLOUT};
        poll(&poll_entry, 1, 0);
        if (poll_entry.revents & (POLLHUP | POLLERR)) {
            drop_client(process, client);
        } else if (!(poll_entry.revents & POLLOUT)) {
            pod_rewatch(process->clients[client], EPOLLOUT, POD_CLIENT, process);
            ready = false;
        }
    }
    return ready;
}

/// Each packet is the number of the stream (1 or 2) and bytes. The byte before `bytes` is overwritten.
static void send_to_clients(struct pod_process *process, int index, uint8_t *bytes, size_t count)
{
    uint8_t before = bytes[-1];
    bytes[-1] = (uint8_t)(index + 1);
    for (int client = 0; client < POD_CLIENTS; client++)
        if (process->clients[client] >= 0
            && edge_send(process->clients[client], bytes - 1, count + 1, NULL, 0) < 0)
            drop_client(process, client);
    bytes[-1] = before;
}

static bool has_clients(const struct pod_process *process)
{
    for (int client = 0; client < POD_CLIENTS; client++)
        if (process->clients[client] >= 0)
            return true;
    return false;
}

/// Keeps the beginning of a line for the next read.
static void hold(struct pod_stream *stream, const uint8_t *bytes, uint32_t count)
{
    if (count > 0 && !stream->held) {
        stream->held = mmap(NULL, POD_LINE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (stream->held == MAP_FAILED) {
            stream->held = NULL;
            count = 0;
        }
    } else if (count == 0 && stream->held) {
        munmap(stream->held, POD_LINE);
        stream->held = NULL;
    }
    if (count > 0)
        memcpy(stream->held, bytes, count);
    stream->held_size = count;
}

/// One read. Returns what read returned.
static ssize_t pump_once(struct pod_process *process, int index, bool to_clients)
{
    struct pod_stream *stream = &process->output[index];
    uint8_t *bytes = chunk + 1, *fresh = bytes + stream->held_size;
    size_t limit = to_clients ? POD_LINE : POD_CHUNK;
    ssize_t count;
    do
        count = read(stream->fd, fresh, limit);
    while (count < 0 && errno == EINTR);
    if (count <= 0)
        return count < 0 && errno != EAGAIN ? 0 : count;
    if (stream->held_size > 0)
        memcpy(bytes, stream->held, stream->held_size);
    if (to_clients)
        send_to_clients(process, index, fresh, (size_t)count);
    size_t total = stream->held_size + (size_t)count;
    uint32_t rest = pod_log_lines(&process->log, index == 1, bytes, total, false);
    hold(stream, bytes + total - rest, rest);
    // A burst leaves no memory behind.
    if (count > 4096)
        madvise((void *)(((uintptr_t)chunk + 4095) & ~(uintptr_t)4095), sizeof chunk - 8192, MADV_DONTNEED);
    return count;
}

bool pod_pump(struct pod_process *process, int index)
{
    bool to_clients = has_clients(process);
    if (to_clients && !clients_ready(process)) {
        // Taken out altogether: a pipe without writers would be reported again and again.
        process->output[index].paused = true;
        edge_epoll_remove(edge_pod.epoll, process->output[index].fd);
        return true;
    }
    ssize_t count = pump_once(process, index, to_clients);
    return count > 0 || (count < 0 && errno == EAGAIN);
}

void pod_drain(struct pod_process *process, int index)
{
    struct pod_stream *stream = &process->output[index];
    // Bounded, since a process of a shared pid namespace may go on writing.
    for (int reads = 0; reads < 64 && pump_once(process, index, has_clients(process)) > 0; reads++)
        ;
    if (stream->held_size > 0)
        pod_log_lines(&process->log, index == 1, stream->held, stream->held_size, true);
    hold(stream, NULL, 0);
    if (process->input == stream->fd)
        process->input = -1;
    pod_close(stream->fd);
    stream->fd = -1;
}

int pod_attach(struct pod_process *process, int client)
{
    for (int index = 0; index < POD_CLIENTS; index++) {
        if (process->clients[index] >= 0)
            continue;
        process->clients[index] = client;
        edge_set_nonblocking(client);
        pod_watch(client, 0, POD_CLIENT, process);
        return 0;
    }
    return -EBUSY;
}

void pod_client_event(struct pod_process *process, uint32_t ready)
{
    for (int client = 0; client < POD_CLIENTS; client++) {
        if (process->clients[client] < 0)
            continue;
        if (ready & (EPOLLHUP | EPOLLERR)) {
            struct pollfd poll_entry = {.fd = process->clients[client]};
            if (poll(&poll_entry, 1, 0) > 0)
                drop_client(process, client);
        } else {
            pod_rewatch(process->clients[client], 0, POD_CLIENT, process);
        }
    }
    resume(process);
}
