internal import EdgeHost
internal import EdgeJSON
internal import EdgeSystem
internal import Glibc
internal import Logging

/// Answers `edge status` and `edge stop` of a server that is no node.
struct ServerControl: Sendable {
    /// Until the task is cancelled.
    func run(at path: String) async {
        do {
            let server = ControlServer(path: path, reactor: try Reactor()) { request, _ in
                try answer(request)
            }
            try await server.run()
        } catch {
            Logger(label: "edge.control").error(
                "commands of this host are not answered", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    private func answer(_ request: ControlRequest) throws -> JSONValue {
        switch request.command {
        case "status":
            // It listens only once the API server is ready.
            return ["version": .string(EdgeVersion.git), "pid": .int(Int64(getpid())), "ready": true]
        case "stop":
            if request.arguments["exit"]?.bool != false {
                Task {
                    try? await Task.sleep(for: .milliseconds(50))
                    kill(getpid(), SIGTERM)
                }
            }
            return ["pid": .int(Int64(getpid()))]
        default: throw ControlError(.refused, "\(request.command): this server runs no node")
        }
    }
}
