internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// Finds the pods behind what a user names: a pod, or something that has pods.
struct PodFinder {
    let session: Session

    private var pods: APIResource {
        get throws { try APIResource.builtIn(apiVersion: "v1", kind: "Pod") }
    }

    /// The objects behind `web`, `pod/web`, `deploy/web`, `deploy web`.
    func object(_ call: Invocation, _ arguments: [String]) async throws -> ResourceInfo {
        var query = ResourceQuery(call, arguments: arguments)
        query.filenames = []
        query.labelSelector = ""
        if arguments.count == 1, !arguments[0].contains("/") { query.defaultType = "pods" }
        guard let info = try await query.fetchAll(session).first else { throw ResourceQuery.missingResource }
        return info
    }

    /// The selector of the pods that belong to an object; nil when the object is no workload.
    static func selector(_ object: APIObject) throws -> String? {
        switch object.kind {
        case "Service", "ReplicationController":
            let text = try LabelSelectorText.text(object[path: "spec", "selector"])
            if text.isEmpty {
                throw KubectlError(
                    "invalid service '\(object.name)': Service is defined without a selector")
            }
            return text
        case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job":
            return try LabelSelectorText.text(object[path: "spec", "selector"])
        default: return nil
        }
    }

    func pods(namespace: String, selector: String) async throws -> [APIObject] {
        try await session.resources()
            .list(try pods, .init(namespace: namespace, labelSelector: selector)).objects
    }

    /// One pod of an object: the most useful one, by `order`. Waits for the first to appear.
    func pod(
        of info: ResourceInfo, timeout: Duration, orderedBy order: ([APIObject]) -> [APIObject],
        tellsChoice: ((Int, APIObject) -> Void)? = nil
    ) async throws -> ResourceInfo {
        if info.content.kind == "Pod" { return info }
        guard let selector = try Self.selector(info.content) else {
            throw KubectlError(
                "cannot attach to \(info.displayName): selector for \(info.resource.kind) not implemented")
        }
        let session = self.session
        let resource = try pods
        let found = try await withTimeout(timeout, sleep: session.environment.sleep) {
            KubectlError("timed out waiting for the condition")
        } _: {
            let client = try session.resources()
            let selection = ResourceClient.Selection(namespace: info.namespace, labelSelector: selector)
            while true {
                let (pods, version) = try await client.list(resource, selection)
                if !pods.isEmpty { return pods }
                try await client.watch(resource, selection, resourceVersion: version) { _, _ in false }
            }
        }
        guard let first = order(found).first else { throw KubectlError("no pods found") }
        if found.count > 1 { tellsChoice?(found.count, first) }
        return ResourceQuery.info(resource, first)
    }

    // MARK: Order

    /// Running and ready pods first: what exec, attach and port-forward want.
    static func activeFirst(_ pods: [APIObject]) -> [APIObject] {
        sorted(pods) { [isAssigned($0) ? 1 : 0, phaseRank($0), isReady($0) ? 1 : 0, -restarts($0)] }
    }

    /// What logs want: the same, and the one that has run longest.
    static func loggingFirst(_ pods: [APIObject]) -> [APIObject] { activeFirst(pods) }

    private static func sorted(_ pods: [APIObject], _ rank: (APIObject) -> [Int64]) -> [APIObject] {
        pods.map { ($0, rank($0)) }.enumerated().sorted { left, right in
            if left.element.1 != right.element.1 {
                return right.element.1.lexicographicallyPrecedes(left.element.1)
            }
            return left.offset < right.offset
        }.map(\.element.0)
    }

    private static func isAssigned(_ pod: APIObject) -> Bool {
        !(pod[path: "spec", "nodeName"]?.string ?? "").isEmpty
    }

    private static func phaseRank(_ pod: APIObject) -> Int64 {
        switch pod[path: "status", "phase"]?.string {
        case "Running": 2
        case "Unknown": 1
        default: 0
        }
    }

    static func isReady(_ pod: APIObject) -> Bool {
        (pod[path: "status", "conditions"]?.array ?? []).contains {
            $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
        }
    }

    private static func restarts(_ pod: APIObject) -> Int64 {
        (pod[path: "status", "containerStatuses"]?.array ?? []).reduce(0) {
            $0 + ($1["restartCount"]?.int ?? 0)
        }
    }
}
