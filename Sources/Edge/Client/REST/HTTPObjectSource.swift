internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import Synchronization

/// Lists and watches over HTTP: what informers of an agent read from.
public struct HTTPObjectSource: ObjectSource {
    private let client: HTTPAPIClient
    private let watchSeconds: @Sendable () -> Int

    /// `watchSeconds` says how long the server may keep one watch open; the default spreads the ends of many
    /// watches over five to ten minutes.
    public init(
        _ client: HTTPAPIClient,
        watchSeconds: @escaping @Sendable () -> Int = { Int.random(in: 300...600) }
    ) {
        self.client = client
        self.watchSeconds = watchSeconds
    }

    public func list(_ scope: WatchScope) async throws -> ObjectList {
        let resource = try await client.resolve(scope.resource)
        return try await client.allPages(
            resource, namespace: scope.namespace,
            options: ListOptions(labelSelector: scope.labelSelector, fieldSelector: scope.fieldSelector))
    }

    public func watch(
        _ scope: WatchScope, after revision: UInt64, deliver: @escaping @Sendable (WatchBatch) async -> Void
    ) async throws {
        let resource = try await client.resolve(scope.resource)
        let response = try await client.rest.send(request(scope, resource, revision))
        let decoder = HTTPObjectDecoder(resource: resource)
        try await response.body.forEachLine { line in
            guard !line.isEmpty else { return true }
            await deliver(try Self.batch(line, decoder))
            return !Task.isCancelled
        }
        try Task.checkCancellation()
    }

    private func request(_ scope: WatchScope, _ resource: APIResource, _ revision: UInt64) -> RESTRequest {
        var query: [RESTRequest.Field] = [
            .init("watch", "true"), .init("allowWatchBookmarks", "true"),
            .init("resourceVersion", String(revision)),
            .init("timeoutSeconds", String(watchSeconds())),
        ]
        if !scope.labelSelector.isEmpty { query.append(.init("labelSelector", scope.labelSelector)) }
        if !scope.fieldSelector.isEmpty { query.append(.init("fieldSelector", scope.fieldSelector)) }
        var request = RESTRequest(
            "GET", RESTPath.path(resource, namespace: scope.namespace ?? ""), query: query,
            headers: [.init("Accept", "application/json")])
        request.isStream = true
        return request
    }

    /// One event as a batch; an ERROR event is thrown as the `APIStatus` inside.
    private static func batch(_ line: ArraySlice<UInt8>, _ decoder: HTTPObjectDecoder) throws -> WatchBatch {
        var type = ""
        var bytes: ArraySlice<UInt8> = []
        for (key, value) in try JSONSlices.members(of: line) {
            switch key {
            case "type": type = try JSONParser.parse(value).string ?? ""
            case "object": bytes = value
            default: break
            }
        }
        let kind: ObjectChange.Kind
        switch type {
        case "ADDED": kind = .added
        case "MODIFIED": kind = .modified
        case "DELETED": kind = .deleted
        case "BOOKMARK":
            return WatchBatch(changes: [], revision: try decoder.object(bytes).revision)
        case "ERROR":
            let status = APIStatus(try JSONParser.parse(bytes))
            throw status ?? APIStatus.internalError("watch: the server sent an error without a Status")
        default:
            throw RESTDecodingError(request: "a watch event", cause: "unknown type \"\(type)\"")
        }
        let object = try decoder.object(bytes)
        // What was there before is not sent; the informer's cache knows it.
        return WatchBatch(
            changes: [ObjectChange(kind: kind, object: object, previous: nil)], revision: object.revision)
    }
}
