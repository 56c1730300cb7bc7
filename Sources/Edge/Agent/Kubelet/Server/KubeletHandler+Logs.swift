internal import EdgeAPI
internal import EdgeBase
internal import EdgeRuntime
internal import EdgeTransport

extension KubeletHandler {
    func logs(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let pod: Pod
        let container: EdgeAPI.Container
        switch lookUp(request) {
        case .failed(let response): return response
        case .found(let found, let named): (pod, container) = (found, named)
        }
        let options: LogOptions
        do {
            options = try LogOptions(request.head.target, now: kubelet.context.clock.now)
        } catch {
            return .text(422, "\(error)\n")
        }
        let source: LogSource
        do {
            source = try logSource(pod, container, previous: options.previous)
        } catch {
            return .text(400, "\(error)\n")
        }
        let runtime = kubelet.context.runtime
        let id = source.id
        let reader = LogReader(
            path: source.path, options: options, pool: kubelet.context.pool,
            reactor: kubelet.dependencies.reactor,
            isRunning: {
                guard let id else { return false }
                return runtime.listContainers(sandboxID: nil).contains { container in
                    guard container.id == id else { return false }
                    if case .running = container.state { return true }
                    return false
                }
            },
            events: { runtime.eventStream() })
        return HTTPServerResponse(
            200, headers: ["Content-Type": "text/plain"],
            body: .writer { writer in
                do {
                    try await reader.run { try await writer.write($0) }
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    try await writer.write(Array("failed to read the log: \(error)\n".utf8))
                }
            })
    }

    private struct LogSource {
        var path: String
        /// Of a container that the runtime knows.
        var id: String?
    }

    /// The log of the last run, or of the one before. Logs of finished pods outlive their containers.
    private func logSource(_ pod: Pod, _ container: EdgeAPI.Container, previous: Bool) throws(KubeletError)
        -> LogSource
    {
        let name = container.name
        let started = runs(pod, name).filter { if case .created = $0.state { false } else { true } }
        let paths = PodPaths(pod, kubelet.configuration)
        let status = pod.status
        let entry =
            (status.containerStatuses + status.initContainerStatuses + status.ephemeralContainerStatuses)
            .first { $0.name == name }
        if previous {
            if let run = started.dropLast().last { return LogSource(path: run.logPath, id: run.id) }
            guard let attempt = entry?.restartCount, attempt > 0, entry?.lastState.terminated != nil else {
                throw KubeletError(
                    "previous terminated container \"\(name)\" in pod \"\(pod.name)\" not found")
            }
            return LogSource(path: paths.logFile(name, attempt - 1))
        }
        if let run = started.last { return LogSource(path: run.logPath, id: run.id) }
        if let entry, entry.state.terminated != nil || entry.lastState.terminated != nil {
            return LogSource(path: paths.logFile(name, entry.restartCount))
        }
        let reason = entry?.state.waiting?.reason ?? "ContainerCreating"
        let why =
            ["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull"].contains(reason)
            ? "trying and failing to pull image" : reason
        throw KubeletError("container \"\(name)\" in pod \"\(pod.name)\" is waiting to start: \(why)")
    }
}
