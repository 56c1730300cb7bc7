internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport

/// Answers the requests for OpenAPI documents.
///
/// Clients ask rarely and keep what they got by its hash, so a document is made anew for each request and not
/// kept: a few milliseconds now and then against megabytes all the time. The hash is that of what the
/// documents are made of, which is known without making them.
struct OpenAPIDocuments: Sendable {
    /// What clients ask for. Its `@` is no token character, so Go's parser refuses it as a Content-Type.
    static let protobufType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
    /// What the answer is called, as Kubernetes does.
    static let protobufContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    private let schema: Schema
    private let version: String
    private let customKinds: [CustomKind]
    private let hash: String
    private let builtInHash: String

    init(schema: Schema, version: String, customKinds: [CustomKind] = []) {
        self.schema = schema
        self.version = version
        self.customKinds = customKinds
        var hash = ContentHash()
        hash.update(version.utf8)
        hash.update(Self.builtInHash.utf8)
        for type in schema.types { hash.update("\(type.name) \(type.fields.count)".utf8) }
        builtInHash = hash.text
        for custom in customKinds { Self.update(&hash, custom) }
        self.hash = hash.text
    }

    private static let builtInHash = ContentHash.text(DescriptionTable.text.utf8)

    private static func update(_ hash: inout ContentHash, _ custom: CustomKind) {
        let resource = custom.resource
        hash.update("\(resource.apiVersion) \(resource.resource) \(resource.kind)".utf8)
        hash.update("\(resource.subresources.map(\.name)) \(custom.fingerprint)".utf8)
    }

    /// Of the document of one group and version, so that a new definition does not make clients fetch the
    /// documents of all the others again.
    private func hash(of path: String) -> String {
        let kinds = customKinds.filter { OpenAPIBuilder.path($0.resource) == path }
        guard !kinds.isEmpty else { return builtInHash }
        var hash = ContentHash()
        hash.update(builtInHash.utf8)
        for custom in kinds { Self.update(&hash, custom) }
        return hash.text
    }

    private var builder: OpenAPIBuilder {
        OpenAPIBuilder(schema: schema, version: version, customKinds: customKinds)
    }

    /// Nil for paths that have no document; `segments` are the parts of the path between slashes.
    func response(segments: [String], accept: String?, ifNoneMatch: String?) -> HTTPServerResponse? {
        guard segments.count >= 2, segments[0] == "openapi" else { return nil }
        switch (segments[1], segments.count) {
        case ("v2", 2): return swagger(accept: accept, ifNoneMatch: ifNoneMatch)
        case ("v3", 2): return .json(200, index.encoded)
        case ("v3", _):
            guard Self.accepts(accept, ["application/json"]) else { return Self.notAcceptable }
            return document(segments.dropFirst(2).joined(separator: "/"), ifNoneMatch: ifNoneMatch)
        default: return nil
        }
    }

    /// `/openapi/v3`: where the documents are. The hash in the address lets clients keep them for ever.
    private var index: JSONValue {
        let paths = builder.documentPaths.map { path in
            JSONObject.Member(
                path, ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash(of: path))")])
        }
        return ["paths": .object(JSONObject(uniqueMembers: paths))]
    }

    private func document(_ path: String, ifNoneMatch: String?) -> HTTPServerResponse? {
        let builder = builder
        guard builder.documentPaths.contains(path) else { return nil }
        let tag = EntityTag(hash(of: path))
        if tag.matches(ifNoneMatch) { return Self.notModified(tag) }
        guard let document = builder.document(path: path) else { return nil }
        return Self.found(document, "application/json", tag)
    }

    private func swagger(accept: String?, ifNoneMatch: String?) -> HTTPServerResponse {
        let protobufTypes = [
            Self.protobufType, Self.protobufContentType,
            "application/com.github.googleapis.gnostic.OpenAPIv2@68f4ded+protobuf",
        ]
        let wantsProtobuf = Self.prefers(accept, protobufTypes, over: "application/json")
        guard wantsProtobuf || Self.accepts(accept, ["application/json"]) else { return Self.notAcceptable }
        // The forms are different representations, so their tags differ.
        let tag = EntityTag(hash + (wantsProtobuf ? "P" : "J"))
        if tag.matches(ifNoneMatch) { return Self.notModified(tag) }
        return wantsProtobuf
            ? Self.found(GnosticEncoder.encode(builder), Self.protobufContentType, tag)
            : Self.found(builder.swagger(), "application/json", tag)
    }

    private static func found(_ bytes: [UInt8], _ type: String, _ tag: EntityTag) -> HTTPServerResponse {
        HTTPServerResponse(
            200, headers: ["Content-Type": type, "ETag": tag.text, "Vary": "Accept"], body: .bytes(bytes))
    }

    private static func notModified(_ tag: EntityTag) -> HTTPServerResponse {
        HTTPServerResponse(304, headers: ["ETag": tag.text, "Vary": "Accept"])
    }

    private static let notAcceptable = HTTPServerResponse.text(
        406, "only application/json and, for version 2, \(protobufType) are served\n")

    private static func mediaTypes(_ accept: String?) -> [Substring] {
        guard let accept, !accept.isEmpty else { return ["*/*"] }
        return accept.split(separator: ",").map { ($0.split(separator: ";").first ?? "").trimmingBlanks }
    }

    private static func accepts(_ accept: String?, _ types: [String]) -> Bool {
        mediaTypes(accept).contains { $0 == "*/*" || $0 == "application/*" || types.contains(String($0)) }
    }

    /// Whether one of the types stands before the other in the header.
    private static func prefers(_ accept: String?, _ types: [String], over other: String) -> Bool {
        for type in mediaTypes(accept) {
            if types.contains(String(type)) { return true }
            if type == other || type == "*/*" || type == "application/*" { return false }
        }
        return false
    }
}
