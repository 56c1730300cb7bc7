// Start and event loop of the pod helper.
#define _GNU_SOURCE
#include "pod.h"

#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <time.h>

struct pod edge_pod;

uint64_t pod_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t tag_of(enum pod_tag tag, const struct pod_process *process)
{
    return (uint64_t)tag | (process ? (uint64_t)(process - edge_pod.processes) << 8 : 0);
}

void pod_watch(int fd, uint32_t events, enum pod_tag tag, const struct pod_process *process)
{
    struct epoll_event event = {.events = events, .data.u64 = tag_of(tag, process)};
    epoll_ctl(edge_pod.epoll, EPOLL_CTL_ADD, fd, &event);
}

void pod_rewatch(int fd, uint32_t events, enum pod_tag tag, const struct pod_process *process)
{
    struct epoll_event event = {.events = events, .data.u64 = tag_of(tag, process)};
    epoll_ctl(edge_pod.epoll, EPOLL_CTL_MOD, fd, &event);
}

void pod_close(int fd)
{
    if (fd < 0)
        return;
    edge_epoll_remove(edge_pod.epoll, fd);
    close(fd);
}

/// The first process of a shared pid namespace: it only reaps, as Kubernetes' pause does.
static _Noreturn void run_init(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    prctl(PR_SET_NAME, "pause", 0, 0, 0);
    edge_close_range(3, ~0u, 0);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (;;) {
        int signal = sigwaitinfo(&all, NULL);
        if (signal == SIGTERM || signal == SIGINT)
            _exit(0);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}

static int start_init(void)
{
    int pidfd = -1;
    struct clone_args arguments = {
        .flags = CLONE_NEWPID | CLONE_PIDFD, .pidfd = (uint64_t)(uintptr_t)&pidfd, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid == 0)
        run_init();
    return pid < 0 ? -errno : pidfd;
}

/// The pod's own settings: host name, sysctls, loopback.
static void apply_plan(void)
{
    struct edge_launch *launch = mmap(
        NULL, sizeof *launch, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct stat status = {0};
    fstat(EDGE_POD_PLAN, &status);
    void *plan = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, EDGE_POD_PLAN, 0);
    if (launch != MAP_FAILED && plan != MAP_FAILED) {
        edge_launch_prepare(launch);
        int error = edge_launch_run(launch, plan, (size_t)status.st_size);
        if (error == 0 && launch->share_pids) {
            edge_pod.init = start_init();
            if (edge_pod.init < 0)
                error = edge_fail(launch, edge_pod.init, "start", "pod init");
        }
        if (error < 0)
            edge_pod.failure = launch->failure;
        munmap(launch, sizeof *launch);
        munmap(plan, (size_t)status.st_size);
    } else {
        edge_pod.failure = (struct edge_failure){.error = errno, .text = "map launch plan"};
    }
    close(EDGE_POD_PLAN);
}

static void set_up(void)
{
    // Nobody in a container may look into this process through /proc.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NAME, EDGE_POD_NAME, 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    umask(0);
    (void)!chdir("/");
    edge_pod.init = edge_pod.peer = -1;
    edge_pod.listener = EDGE_POD_LISTENER;
    edge_pod.directory = EDGE_POD_DIRECTORY;
    fcntl(EDGE_POD_LISTENER, F_SETFD, FD_CLOEXEC);
    fcntl(EDGE_POD_DIRECTORY, F_SETFD, FD_CLOEXEC);
    // The last to be killed when the pod runs out of memory.
    EDGE_OWNED score = edge_open("/proc/self/oom_score_adj", O_WRONLY, 0);
    (void)!write(score, "-999", 4);
    apply_plan();
    edge_pod.own_pids = edge_open("/proc/self/ns/pid", O_RDONLY, 0);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigemptyset(&all);
    sigaddset(&all, SIGCHLD);
    sigaddset(&all, SIGTERM);
    edge_pod.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    edge_pod.epoll = edge_epoll_create();
    pod_watch(edge_pod.signals, EPOLLIN, POD_SIGNALS, NULL);
    pod_watch(edge_pod.listener, EPOLLIN, POD_LISTENER, NULL);
}

static void take_signals(void)
{
    struct signalfd_siginfo info;
    while (read(edge_pod.signals, &info, sizeof info) == sizeof info)
        // The host goes down: the helper leaves with its last container.
        edge_pod.ending |= info.ssi_signo == SIGTERM;
    pod_reap();
}

/// A new edge takes the place of the one before.
static void take_peer(void)
{
    int peer = edge_accept(edge_pod.listener);
    if (peer < 0)
        return;
    pod_close(edge_pod.peer);
    edge_pod.peer = peer;
    pod_watch(peer, EPOLLIN, POD_PEER, NULL);
}

static void dispatch(uint64_t tag, uint32_t ready)
{
    struct pod_process *process = &edge_pod.processes[tag >> 8];
    switch ((enum pod_tag)(tag & 0xff)) {
    case POD_SIGNALS:
        take_signals();
        break;
    case POD_LISTENER:
        take_peer();
        break;
    case POD_PEER:
        pod_receive();
        break;
    case POD_REPORT:
        if (process->report >= 0)
            pod_reported(process);
        break;
    case POD_OUTPUT:
    case POD_ERROR_OUTPUT: {
        int index = (tag & 0xff) == POD_ERROR_OUTPUT;
        if (process->output[index].fd >= 0 && !pod_pump(process, index))
            pod_drain(process, index);
        break;
    }
    case POD_CLIENT:
        pod_client_event(process, ready);
        break;
    }
}

_Noreturn void edge_pod_main(char **arguments)
{
    (void)arguments;
    set_up();
    while (!edge_pod.ending || !pod_idle()) {
        // One at a time: handling an event can end what a later one is about.
        struct epoll_event event;
        if (epoll_wait(edge_pod.epoll, &event, 1, -1) == 1)
            dispatch(event.data.u64, event.events);
    }
    _exit(0);
}
