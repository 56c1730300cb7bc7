internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore

/// OpenAPI documents together with those of other servers. These are asked when a client asks, and nothing is
/// kept.
extension APIServer {
    private static let maximumDocument = 16 * 1024 * 1024

    /// Nil when no other server has a part in what is asked for.
    func mergedOpenAPI(_ request: HTTPServerRequest) -> HTTPHandling? {
        let others = aggregation.all.filter(\.isAvailable)
        guard !others.isEmpty else { return nil }
        let segments = request.segments
        if segments.count == 5, segments[1] == "v3", segments[2] == "apis" {
            guard let other = aggregation.service(group: segments[3], version: segments[4]) else {
                return nil
            }
            return passOn(request, to: other, Self.aggregator)
        }
        guard segments.count == 2,
            let own = openAPI.response(
                segments: segments, accept: request.headers["accept"], ifNoneMatch: nil)
        else { return nil }
        switch segments[1] {
        case "v3":
            return .later { await self.merged(own, "/openapi/v3", others, Self.addIndex) }
        // The old binary form is not merged: clients that want it find only what is served here.
        case "v2" where own.headers["Content-Type"] == "application/json":
            return .later { await self.merged(own, "/openapi/v2", others, Self.addDefinitions) }
        default: return nil
        }
    }

    private static let aggregator = UserInfo(
        name: "system:aggregator", groups: [UserInfo.Group.masters, UserInfo.Group.authenticated])

    private func merged(
        _ own: HTTPServerResponse, _ path: String, _ others: [AggregatedService],
        _ add: @Sendable (inout JSONValue, JSONValue, AggregatedService) -> Void
    ) async -> HTTPServerResponse {
        guard case .bytes(let bytes) = own.body, var document = try? JSONValue(parsing: bytes) else {
            return own
        }
        for other in others {
            guard let theirs = await fetch(path, from: other) else { continue }
            add(&document, theirs, other)
        }
        return .json(own.status, document.encoded)
    }

    private func fetch(_ path: String, from other: AggregatedService) async -> JSONValue? {
        var headers = Self.aggregator.forwardedFields
        headers.add("Accept", "application/json")
        let request = HTTPClientRequest(.get, other.url(path), headers: headers, timeout: .seconds(5))
        guard let client = try? outbound.client(for: other.destination),
            let (head, body) = try? await client.collect(request, limit: Self.maximumDocument),
            head.status == 200
        else { return nil }
        return try? JSONValue(parsing: body.readableBytesView)
    }

    @Sendable private static func addIndex(
        _ index: inout JSONValue, _ theirs: JSONValue, _ other: AggregatedService
    ) {
        let path = "apis/\(other.group)/\(other.version)"
        guard let entry = theirs["paths"]?[path] else { return }
        var paths = index["paths"] ?? [:]
        paths[path] = entry
        index["paths"] = paths
    }

    /// Paths below the group and version, and definitions whose names are free.
    @Sendable private static func addDefinitions(
        _ document: inout JSONValue, _ theirs: JSONValue, _ other: AggregatedService
    ) {
        var paths = document["paths"] ?? [:]
        for member in theirs["paths"]?.object ?? JSONObject()
        where member.key == other.path || member.key.hasPrefix(other.path + "/") {
            paths[member.key] = member.value
        }
        document["paths"] = paths
        var definitions = document["definitions"] ?? [:]
        for member in theirs["definitions"]?.object ?? JSONObject() where definitions[member.key] == nil {
            definitions[member.key] = member.value
        }
        document["definitions"] = definitions
    }
}
