internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport

/// Answers the requests of discovery: which groups, versions and resources the API has, in the form of every
/// client. Documents are made when they are asked for, which is rare and quick, and not kept.
struct Discovery: Sendable {
    private let resources: [ResourceDefinition]
    private let serverAddress: String

    /// For the built-in resources together with those of custom resource definitions. `serverAddress` is
    /// what `/api` tells clients, `host:port`.
    init(resources: [ResourceDefinition], serverAddress: String = "") {
        self.resources = resources
        self.serverAddress = serverAddress
    }

    /// Nil for paths that are not discovery's; `segments` are the parts of the path between slashes.
    func response(segments: [some StringProtocol], accept: String?, ifNoneMatch: String?) -> HTTPServerResponse? {
        let documents = DiscoveryDocuments(resources)
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
            return documents.resourceList(group: "", version: String(segments[1])).map { .json(200, $0.encoded) }
        case 2 where segments[0] == "apis":
            return documents.groupDocument(String(segments[1])).map { .json(200, $0.encoded) }
        case 3 where segments[0] == "apis" && !segments[1].isEmpty:
            return documents.resourceList(group: String(segments[1]), version: String(segments[2]))
                .map { .json(200, $0.encoded) }
        default: return nil
        }
    }

    private static func tagged(_ bytes: [UInt8], _ contentType: String, _ ifNoneMatch: String?) -> HTTPServerResponse {
        let tag = EntityTag(ContentHash.text(bytes))
        if tag.matches(ifNoneMatch) {
            return HTTPServerResponse(304, headers: ["ETag": tag.text, "Vary": "Accept"])
        }
        return HTTPServerResponse(
            200, headers: ["Content-Type": contentType, "ETag": tag.text, "Vary": "Accept"], body: .bytes(bytes))
    }
}

/// An ETag (RFC 9110 section 8.8.3).
struct EntityTag {
    let text: String

    init(_ hash: String) { text = "\"\(hash)\"" }

    /// Whether an If-None-Match header names this version.
    func matches(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { part in
            let tag = part.trimmingBlanks
            return tag == "*" || tag == text || (tag.hasPrefix("W/") && tag.dropFirst(2) == text)
        }
    }
}

/// Which form of discovery a client asks for.
enum DiscoveryFormat {
    /// `v2` or `v2beta1` when the Accept header prefers an aggregated document, nil for the plain ones.
    static func aggregatedVersion(accept header: String?) -> String? {
        guard let header else { return nil }
        for part in header.split(separator: ",") {
            let pieces = part.split(separator: ";").map(\.trimmingBlanks)
            guard pieces.first == "application/json" else { continue }
            var parameters: [Substring: Substring] = [:]
            for piece in pieces.dropFirst() {
                let pair = piece.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { parameters[pair[0]] = pair[1] }
            }
            guard let form = parameters["as"] else { return nil }
            guard form == "APIGroupDiscoveryList", parameters["g"] == "apidiscovery.k8s.io",
                let version = parameters["v"], version == "v2" || version == "v2beta1"
            else { continue }
            return String(version)
        }
        return nil
    }

    static func contentType(_ version: String) -> String {
        "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
    }
}
