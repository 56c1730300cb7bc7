internal import EdgeRuntime
internal import EdgeSystem
internal import Logging

/// Takes away pods that nobody wants any more: their objects went while edge was not there.
struct OrphanRemover: Sendable {
    let context: PodContext

    /// All sandboxes of one pod.
    func remove(_ sandboxes: [PodSandbox]) async {
        for sandbox in sandboxes {
            let grace = sandbox.annotations[RuntimeLabels.grace].flatMap { Int($0) } ?? 30
            await withTaskGroup(of: Void.self) { group in
                for container in context.runtime.listContainers(sandboxID: sandbox.id) {
                    group.addTask {
                        try? await context.runtime.stopContainer(
                            container.id, grace: .seconds(max(1, grace)), signal: nil)
                    }
                }
            }
            do {
                try await context.network.detach(sandbox.id)
                try await context.runtime.removePodSandbox(sandbox.id)
            } catch {
                context.logger.warning(
                    "orphaned pod not removed",
                    metadata: ["pod": "\(sandbox.namespace)/\(sandbox.name)", "error": "\(error)"])
            }
        }
        guard let first = sandboxes.first else { return }
        let paths = PodPaths(
            uid: first.uid, namespace: first.namespace, name: first.name, context.configuration)
        try? await context.pool.run { try Directory.removeTree(paths.logs) }
    }

    /// Directories of pods that are neither known nor running.
    func removeFiles(keeping uids: Set<String>) async {
        let configuration = context.configuration
        let roots = [PodPaths.diskRoot(configuration), PodPaths.memoryRoot(configuration)]
        let found = try? await context.pool.run {
            roots.flatMap { (try? Directory.names($0)) ?? [] }
        }
        for uid in Set(found ?? []).subtracting(uids) {
            do {
                try await context.volumes.tearDown(uid: uid)
            } catch {
                context.logger.warning(
                    "files of an orphaned pod not removed", metadata: ["uid": "\(uid)", "error": "\(error)"])
            }
        }
    }
}
