internal import CEdgeLinux
internal import EdgeSystem

/// Plans a further process in a running container.
struct ExecPlan {
    let arguments: [String]
    let process: ProcessSpec
    let cgroup: Cgroup
    let hasTerminal: Bool
    let columns: UInt32
    let rows: UInt32
    let filter: [UInt8]?

    func steps() -> [LaunchStep] {
        var steps = cgroup.taskFiles.map { LaunchStep.enterCgroup(tasksFile: $0) }
        steps.append(.oomScore(process.oomScoreAdjustment))
        // The helper already is in the pod's other namespaces, and puts the new process into the pid namespace.
        steps.append(.join(UInt32(EDGE_NEW_MOUNT | EDGE_NEW_CGROUP)))
        if hasTerminal { steps.append(.terminal(columns: columns, rows: rows, isConsole: false)) }
        return steps + process.steps(executing: arguments, filter: filter)
    }
}
