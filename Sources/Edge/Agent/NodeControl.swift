internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeHost
internal import EdgeJSON
internal import EdgeKubelet
internal import EdgeRuntime
internal import EdgeSystem
internal import Glibc
internal import Logging

/// Answers `edge status`, `edge stop` and `edge image` of a node.
struct NodeControl: Sendable {
    let nodeName: String
    let client: any APIClient
    let pods: Informer
    let kubelet: Kubelet
    let images: ImageService

    /// Until the task is cancelled. A node without its socket works, but cannot be asked.
    func run(at path: String, _ reactor: Reactor) async {
        do {
            try await ControlServer(path: path, reactor: reactor) { try await answer($0, $1) }.run()
        } catch {
            Logger(label: "edge.control").error(
                "commands of this host are not answered", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    private func answer(_ request: ControlRequest, _ send: ControlServer.Send) async throws -> JSONValue {
        switch request.command {
        case "status": return try await status(send)
        case "stop": return try await stop(request.arguments)
        case "image": return try await ImageControl(images: images).answer(request.arguments, send)
        default: throw ControlError(.refused, "this edge does not know the command \"\(request.command)\"")
        }
    }

    private func status(_ send: ControlServer.Send) async throws -> JSONValue {
        var answer: JSONObject = [
            "version": .string(EdgeVersion.git), "pid": .int(Int64(getpid())), "node": .string(nodeName),
        ]
        do {
            let key = ObjectKey(resource: Node.resource, name: nodeName)
            let node = try Node(decoding: try await client.get(key))
            let condition = node.status.conditions.first { $0.type == "Ready" }
            answer["ready"] = .bool(node.isReady)
            answer["message"] = .string(condition?.message ?? "the node has not reported yet")
        } catch {
            answer["ready"] = false
            answer["message"] = .string("\(error)")
        }
        for object in pods.list() {
            guard let pod = try? Pod(decoding: object) else { continue }
            try await send([
                "namespace": .string(pod.namespace), "name": .string(pod.name),
                "phase": .string(pod.isBeingDeleted ? "Terminating" : pod.status.phase),
            ])
        }
        return .object(answer)
    }

    /// Ends the pods, and then, unless the service manager does that, this process.
    private func stop(_ arguments: JSONValue) async throws -> JSONValue {
        await kubelet.stopAllPods(grace: arguments["grace"]?.int.map { Int($0) })
        if arguments["exit"]?.bool != false {
            // After the answer has gone.
            Task {
                try? await Task.sleep(for: .milliseconds(50))
                kill(getpid(), SIGTERM)
            }
        }
        return ["pid": .int(Int64(getpid()))]
    }
}
