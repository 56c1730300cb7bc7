internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport

/// Answers the requests of discovery: which groups, versions and resources the API has, in the form of every
/// client. Documents are made when they are asked for, which is rare and quick, and not kept.
struct Discovery: Sendable {
    private let resources: [ResourceDefinition]
    private let aggregated: [AggregatedDiscovery]
    private let serverAddress: String

    /// For the built-in resources together with those of custom resource definitions, and for what other
    /// servers serve. `serverAddress` is what `/api` tells clients, `host:port`.
    init(
        resources: [ResourceDefinition], aggregated: [AggregatedDiscovery] = [], serverAddress: String = ""
    ) {
        self.resources = resources
        self.aggregated = aggregated
        self.serverAddress = serverAddress
    }

    /// Nil for paths that are not discovery's; `segments` are the parts of the path between slashes.
    func response(segments: [some StringProtocol], accept: String?, ifNoneMatch: String?)
        -> HTTPServerResponse?
    {
        let documents = DiscoveryDocuments(resources, aggregated)
        switch segments.count {
        case 0:
            let paths = documents.paths.map(JSONValue.string)
            return .json(200, JSONValue.object(["paths": .array(paths)]).encoded)
        case 1 where segments[0] == "api" || segments[0] == "apis":
            let isCore = segments[0] == "api"
            if let version = DiscoveryFormat.aggregatedVersion(accept: accept) {
                let document = documents.aggregated(core: isCore, version: version).encoded
                return Self.tagged(document, DiscoveryFormat.contentType(version), ifNoneMatch)
            }
            let document = isCore ? documents.coreVersions(serverAddress: serverAddress) : documents.groupList
            return .json(200, document.encoded)
        case 2 where segments[0] == "api":
            return documents.resourceList(group: "", version: String(segments[1])).map {
                .json(200, $0.encoded)
            }
        case 2 where segments[0] == "apis":
            return documents.groupDocument(String(segments[1])).map { .json(200, $0.encoded) }
        case 3 where segments[0] == "apis" && !segments[1].isEmpty:
            return documents.resourceList(group: String(segments[1]), version: String(segments[2]))
                .map { .json(200, $0.encoded) }
        default: return nil
        }
    }

    private static func tagged(_ bytes: [UInt8], _ contentType: String, _ ifNoneMatch: String?)
        -> HTTPServerResponse
    {
        let tag = EntityTag(ContentHash.text(bytes))
        if tag.matches(ifNoneMatch) {
            return HTTPServerResponse(304, headers: ["ETag": tag.text, "Vary": "Accept"])
        }
        return HTTPServerResponse(
            200, headers: ["Content-Type": contentType, "ETag": tag.text, "Vary": "Accept"],
            body: .bytes(bytes))
    }
}
