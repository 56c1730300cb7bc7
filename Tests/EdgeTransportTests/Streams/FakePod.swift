internal import EdgeBase
internal import EdgeJSON
internal import NIOCore
internal import NIOPosix

@testable internal import EdgeTransport

/// As much of an API server as kubectl needs to reach one pod, whose commands are `cat`, `fail`, `size` and
/// `flood`.
struct FakePod: Sendable {
    /// Where forwarded connections go.
    var forwardPort = 0

    func handle(_ request: HTTPServerRequest) -> HTTPHandling {
        switch request.path {
        case "/api": return .now(json(["kind": "APIVersions", "versions": ["v1"]]))
        case "/apis": return .now(json(["kind": "APIGroupList", "apiVersion": "v1", "groups": []]))
        case "/api/v1": return .now(json(Self.resources))
        case "/version": return .now(json(["major": "1", "minor": "36", "gitVersion": "v1.36.0"]))
        case "/api/v1/namespaces/default/pods/web": return .now(json(Self.pod))
        case "/api/v1/namespaces/default/pods/web/exec", "/api/v1/namespaces/default/pods/web/attach":
            guard let options = RemoteCommandOptions(request.head.target) else {
                return .now(.text(400, "you must specify at least 1 of stdin, stdout, stderr\n"))
            }
            let command = request.head.target.values("command")
            return .now(
                RemoteCommandServer.answer(request, options: options) { await Self.run(command, $0) })
        case "/api/v1/namespaces/default/pods/web/portforward":
            return .now(PortForwardServer.answer(request) { port, client in try await forward(port, client) })
        default:
            return .now(
                .json(
                    404,
                    ([
                        "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound",
                        "code": 404,
                    ] as JSONValue).encoded))
        }
    }

    private func json(_ value: JSONValue) -> HTTPServerResponse { .json(200, value.encoded) }

    private static func run(_ command: [String], _ session: RemoteCommandSession) async -> RemoteCommandStatus
    {
        do {
            switch command.first {
            case "cat", nil:
                while let bytes = try await session.readStdin() { try await session.writeStdout(bytes) }
                return .success
            case "fail":
                try await session.writeStderr(ByteBuffer(string: "no luck\n"))
                return .exit(code: 3)
            case "size":
                let size = try await session.nextResize()
                try await session.writeStdout(
                    ByteBuffer(string: "\(size?.width ?? 0)x\(size?.height ?? 0)\n"))
                return .success
            case "flood":
                let line = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1000)
                for _ in 0..<3000 { try await session.writeStdout(line) }
                return .success
            default: return .failure(reason: "InternalError", message: "command not found: \(command[0])")
            }
        } catch {
            return .failure(reason: "InternalError", message: "\(error)")
        }
    }

    private func forward(_ port: Int, _ client: any ByteStream) async throws {
        guard port == 80 else { throw StreamError.reset("connection refused") }
        let pod = try await TCPDialer(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: forwardPort)
        await StreamSplice.run(client, pod)
    }

    private static let resources: JSONValue = [
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1",
        "resources": [
            [
                "name": "pods", "singularName": "pod", "namespaced": true, "kind": "Pod",
                "verbs": ["get", "list"], "shortNames": ["po"],
            ],
            [
                "name": "pods/exec", "singularName": "", "namespaced": true, "kind": "PodExecOptions",
                "verbs": ["create", "get"],
            ],
            [
                "name": "pods/attach", "singularName": "", "namespaced": true, "kind": "PodAttachOptions",
                "verbs": ["create", "get"],
            ],
            [
                "name": "pods/portforward", "singularName": "", "namespaced": true,
                "kind": "PodPortForwardOptions", "verbs": ["create", "get"],
            ],
        ],
    ]

    private static let pod: JSONValue = [
        "kind": "Pod", "apiVersion": "v1", "metadata": ["name": "web", "namespace": "default", "uid": "1"],
        "spec": ["containers": [["name": "web", "image": "web", "stdin": true]]],
        "status": [
            "phase": "Running",
            "containerStatuses": [["name": "web", "ready": true, "state": ["running": [:]]]],
        ],
    ]

    static let base = "/api/v1/namespaces/default/pods/web"
}
