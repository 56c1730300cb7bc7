internal import EdgeAPI
internal import EdgeBase

/// Runs that a pod's status tells of. After a boot of the host nothing else knows of them: those that ran then have
/// ended unseen, with the code 255 as containerd has it.
enum RememberedRuns {
    static func runs(_ status: PodStatus, now: Timestamp) -> [ContainerRun] {
        (status.initContainerStatuses + status.containerStatuses + status.ephemeralContainerStatuses)
            .compactMap { run($0, now: now) }
    }

    private static func run(_ status: ContainerStatus, now: Timestamp) -> ContainerRun? {
        let exit: ContainerRun.Exit
        var started: Timestamp?
        var id = status.containerID
        if let running = status.state.running {
            started = running.startedAt
            exit = ContainerRun.Exit(code: 255, reason: "Unknown", finished: now)
        } else if let ended = status.state.terminated ?? status.lastState.terminated {
            started = ended.startedAt
            if !ended.containerID.isEmpty { id = ended.containerID }
            exit = ContainerRun.Exit(
                code: ended.exitCode, signal: ended.signal, reason: ended.reason, message: ended.message,
                finished: ended.finishedAt ?? now)
        } else {
            return nil
        }
        if let scheme = id.firstRange(of: "://") { id = String(id[scheme.upperBound...]) }
        return ContainerRun(
            id: id, name: status.name, attempt: status.restartCount, sandboxID: "", image: status.image,
            imageID: status.imageID, created: started ?? exit.finished, started: started, state: .exited(exit)
        )
    }
}
