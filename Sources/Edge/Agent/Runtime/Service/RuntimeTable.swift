internal import EdgeBase
internal import EdgeSystem

/// All that the service knows, under its lock.
struct RuntimeTable {
    var sandboxes: [String: SandboxEntry] = [:]
    var containers: [String: ContainerEntry] = [:]
    /// Those who wait for the end of a process in a container, by its identifier.
    var execs: [String: ExecEntry] = [:]
    /// Set when the pods are left to themselves.
    var isDisconnected = false
}

struct SandboxEntry {
    let record: SandboxRecord
    var state: PodSandbox.State
    var helperPID: Int32
    /// Nil without a helper.
    var connection: HelperConnection?
}

struct ContainerEntry {
    enum Phase {
        /// With what `start` needs; nil after a restart of edge.
        case created(ContainerConfig)
        case starting
        case running(pid: Int32)
        case exited(ExitRecord, reason: ContainerExit.Reason?)
    }

    let record: ContainerRecord
    var phase: Phase
    var started: Timestamp?
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]

    var isExited: Bool {
        if case .exited = phase { true } else { false }
    }
}

struct ExecEntry {
    let sandboxID: String
    var result: ExitStatus?
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
}

extension SandboxEntry {
    var sandbox: PodSandbox {
        PodSandbox(
            id: record.id, name: record.name, namespace: record.namespace, uid: record.uid,
            attempt: record.attempt, labels: record.labels, annotations: record.annotations,
            created: record.created, state: state, helperPID: helperPID, hostNetwork: record.hostNetwork)
    }
}

extension ContainerEntry {
    var container: Container {
        let state: Container.State =
            switch phase {
            case .created, .starting: .created
            case .running(let pid): .running(pid: pid)
            case .exited(let record, let reason): .exited(record.containerExit(reason))
            }
        return Container(
            id: record.id, sandboxID: record.sandboxID, name: record.name, attempt: record.attempt,
            image: record.image, imageID: record.imageID, labels: record.labels,
            annotations: record.annotations, logPath: record.logPath, created: record.created,
            started: started, state: state)
    }
}

extension ExitRecord {
    fileprivate func containerExit(_ reason: ContainerExit.Reason?) -> ContainerExit {
        let exit = containerExit
        guard let reason else { return exit }
        return ContainerExit(
            code: exit.code, signal: exit.signal, finished: exit.finished, reason: reason, message: message)
    }
}
