// The table of living processes, and what is left of them when they end.
#define _GNU_SOURCE
#include "pod.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

static uint32_t highest; // processes at and above this index were never used: their pages stay untouched

struct pod_process *pod_find(const char *id)
{
    for (uint32_t index = 0; index < highest; index++) {
        struct pod_process *process = &edge_pod.processes[index];
        if (process->state != POD_FREE && strcmp(process->id, id) == 0)
            return process;
    }
    return NULL;
}

struct pod_process *pod_allocate(const char *id, const char *container, int kind)
{
    if (strlen(id) >= POD_ID || strlen(container) >= POD_ID || !*id)
        return NULL;
    for (uint32_t index = 0; index < POD_PROCESSES; index++) {
        struct pod_process *process = &edge_pod.processes[index];
        if (process->state != POD_FREE)
            continue;
        highest = index < highest ? highest : index + 1;
        *process = (struct pod_process){
            .state = POD_STARTING, .kind = kind, .pidfd = -1, .report = -1, .oom = -1, .input = -1,
            .output = {{.fd = -1}, {.fd = -1}}, .log = {.directory = -1, .fd = -1}, .clients = {-1, -1, -1, -1}};
        strcpy(process->id, id);
        strcpy(process->container, container);
        return process;
    }
    return NULL;
}

void pod_release(struct pod_process *process)
{
    if (process->input != process->output[0].fd)
        pod_close(process->input);
    for (int index = 0; index < 2; index++)
        if (process->output[index].fd >= 0)
            pod_drain(process, index);
    for (int index = 0; index < POD_CLIENTS; index++)
        pod_close(process->clients[index]);
    pod_log_close(&process->log);
    pod_close(process->log.directory);
    pod_close(process->pidfd);
    pod_close(process->report);
    pod_close(process->oom);
    process->state = POD_FREE;
}

bool pod_idle(void)
{
    for (uint32_t index = 0; index < highest; index++)
        if (edge_pod.processes[index].state != POD_FREE)
            return false;
    return true;
}

/// Leaves the end of a container in the run directory, for an edge that is not there just now:
/// "1 CODE SIGNAL OOM STARTED FINISHED\n", renamed into place.
static void record_exit(const struct pod_process *process, int code, int signal, bool oom, uint64_t finished)
{
    char name[POD_ID + 16], line[128];
    struct edge_text path = {name, name + sizeof name}, text = {line, line + sizeof line};
    edge_append(&path, process->id);
    edge_append(&path, ".exit");
    edge_append(&text, "1 ");
    edge_append_number(&text, (uint64_t)code, 1);
    edge_append(&text, " ");
    edge_append_number(&text, (uint64_t)signal, 1);
    edge_append(&text, oom ? " 1 " : " 0 ");
    edge_append_number(&text, process->started, 1);
    edge_append(&text, " ");
    edge_append_number(&text, finished, 1);
    edge_append(&text, "\n");
    EDGE_OWNED fd = edge_openat(edge_pod.directory, "exit.new", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0 && write(fd, line, (size_t)(text.at - line)) == text.at - line)
        renameat(edge_pod.directory, "exit.new", edge_pod.directory, name);
}

/// The number behind "oom_kill " in memory.events (v2) or memory.oom_control (v1).
static uint64_t oom_kills(int fd)
{
    char buffer[1024];
    ssize_t count = fd < 0 ? -1 : pread(fd, buffer, sizeof buffer - 1, 0);
    if (count <= 0)
        return 0;
    buffer[count] = 0;
    const char *found = strstr(buffer, "oom_kill ");
    uint64_t value = 0;
    for (const char *digit = found ? found + 9 : ""; *digit >= '0' && *digit <= '9'; digit++)
        value = value * 10 + (uint64_t)(*digit - '0');
    return value;
}

static void ended(struct pod_process *process, int status)
{
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0, signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    uint64_t finished = pod_now();
    bool oom = oom_kills(process->oom) > 0;
    // A child that ends while it starts has left its reason in the socket.
    if (process->report >= 0)
        pod_reported(process);
    bool started = process->state == POD_RUNNING;
    if (started && process->kind == EDGE_POD_KIND_CONTAINER)
        for (int index = 0; index < 2; index++)
            if (process->output[index].fd >= 0)
                pod_drain(process, index);
    if (started && process->kind == EDGE_POD_KIND_CONTAINER)
        record_exit(process, code, signal, oom, finished);
    if (started)
        pod_send_exit(process, code, signal, oom, finished);
    pod_release(process);
}

/// Every child of this process is the pod's, orphans of a shared pid namespace included.
void pod_reap(void)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (uint32_t index = 0; index < highest; index++)
            if (edge_pod.processes[index].state != POD_FREE && edge_pod.processes[index].pid == pid)
                ended(&edge_pod.processes[index], status);
}
