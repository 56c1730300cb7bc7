internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeRuntime
public import EdgeTransport

/// What a request to the kubelet's server wants, in the words of Kubernetes' kubelet authorization: a verb on a
/// sub-resource of the node.
public struct KubeletAccess: Sendable, Equatable {
    public var verb: String
    /// `log`, `stats`, `metrics`, `healthz`, `pods` or `proxy`.
    public var subresource: String
    public var path: String
}

public enum KubeletDecision: Sendable, Equatable {
    case allowed
    /// 401.
    case unauthenticated
    /// 403 with the cause.
    case denied(String)
}

/// The kubelet's HTTP API, as the API server calls it.
public struct KubeletHandler: HTTPRequestHandler {
    public typealias Authorizer = @Sendable (HTTPServerRequest, KubeletAccess) async -> KubeletDecision

    let kubelet: Kubelet
    let stats: StatsCollector
    private let authorize: Authorizer

    public init(_ kubelet: Kubelet, authorize: @escaping Authorizer) {
        self.kubelet = kubelet
        self.authorize = authorize
        stats = StatsCollector(kubelet.context)
    }

    public func handle(_ request: HTTPServerRequest) -> HTTPHandling {
        .later {
            switch await authorize(request, Self.access(request)) {
            case .allowed: return await answer(request)
            case .unauthenticated: return .text(401, "Unauthorized\n")
            case .denied(let cause): return .text(403, "Forbidden (\(cause))\n")
            }
        }
    }

    static func access(_ request: HTTPServerRequest) -> KubeletAccess {
        let subresource =
            switch request.segments.first {
            case "containerLogs", "logs": "log"
            case "stats": "stats"
            case "metrics": "metrics"
            case "healthz": "healthz"
            case "pods", "runningpods": "pods"
            default: "proxy"
            }
        let verb =
            switch request.method {
            case .get, .head: "get"
            case .post: "create"
            case .put: "update"
            case .delete: "delete"
            case .patch: "patch"
            default: "get"
            }
        return KubeletAccess(verb: verb, subresource: subresource, path: request.path)
    }

    private func answer(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let segments = request.segments
        switch segments.first {
        case "healthz": return .text(200, "ok")
        case "pods": return pods()
        case "containerLogs": return await logs(request)
        case "exec": return exec(request)
        case "attach": return attach(request)
        case "portForward": return portForward(request)
        case "stats" where segments == ["stats", "summary"]: return .json(200, await stats.summary().encoded)
        case "metrics" where segments == ["metrics", "resource"]:
            return metrics(await stats.resourceMetrics())
        case "metrics" where segments == ["metrics", "cadvisor"]:
            return metrics(await stats.containerMetrics())
        case "metrics" where segments == ["metrics", "probes"]: return metrics(stats.probeMetrics())
        case "metrics" where segments.count == 1: return metrics(stats.ownMetrics())
        case "run": return .text(405, "run is not supported: use exec\n")
        default: return .text(404, "404 page not found\n")
        }
    }

    private func metrics(_ text: String) -> HTTPServerResponse {
        HTTPServerResponse(
            200, headers: ["Content-Type": MetricsText.contentType], body: .bytes(Array(text.utf8)))
    }

    private func pods() -> HTTPServerResponse {
        let objects = kubelet.context.pods.list().sorted { $0.key < $1.key }
        let pieces = HTTPBodyPieces(
            head: Array(#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":["#.utf8),
            elements: objects.lazy.map(\.bytes), tail: Array("]}".utf8))
        return HTTPServerResponse(200, headers: HTTPServerResponse.json, body: .pieces(pieces))
    }

    // MARK: Finding

    enum Lookup {
        case found(Pod, EdgeAPI.Container)
        case failed(HTTPServerResponse)
    }

    func pod(_ namespace: String, _ name: String) -> Pod? {
        kubelet.context.pods.get(namespace: namespace, name: name).flatMap { try? Pod(decoding: $0) }
    }

    /// `/<verb>/<namespace>/<pod>[/<uid>]/<container>`.
    func lookUp(_ request: HTTPServerRequest) -> Lookup {
        let segments = request.segments
        guard segments.count == 4 || segments.count == 5, let containerName = segments.last else {
            return .failed(.text(404, "404 page not found\n"))
        }
        guard let pod = pod(segments[1], segments[2]), segments.count == 4 || pod.uid == segments[3] else {
            return .failed(.text(404, "pod \"\(segments[2])\" not found in namespace \"\(segments[1])\"\n"))
        }
        guard let container = pod.spec.allContainers.first(where: { $0.name == containerName }) else {
            return .failed(.text(404, "container \"\(containerName)\" not found in pod \"\(pod.name)\"\n"))
        }
        return .found(pod, container)
    }

    /// The runs of a container that the runtime knows, by attempt.
    func runs(_ pod: Pod, _ container: String) -> [EdgeRuntime.Container] {
        let runtime = kubelet.context.runtime
        return runtime.listPodSandboxes().filter { $0.uid == pod.uid }
            .flatMap { runtime.listContainers(sandboxID: $0.id) }
            .filter { $0.name == container }.sorted { $0.attempt < $1.attempt }
    }

    func runningID(_ pod: Pod, _ container: String) -> String? {
        runs(pod, container).last { if case .running = $0.state { true } else { false } }?.id
    }
}
