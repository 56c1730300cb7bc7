internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore

/// Turns a request body into a canonical object of the expected kind: JSON, YAML or protobuf by its
/// Content-Type, pruned and type-checked by the schema.
struct BodyDecoder: Sendable {
    private let expected: GroupVersionKind
    private let type: TypeDefinition?

    init(_ expected: GroupVersionKind) {
        self.expected = expected
        type = Schema.shared.kind(expected)
    }

    init(resource: ResourceDefinition) {
        self.init(resource.groupVersionKind)
    }

    /// A body without kind and apiVersion is taken for the expected one.
    func decode(_ request: HTTPServerRequest, _ context: RequestContext) throws -> APIObject {
        let value = try value(of: request, context)
        guard var object = APIObject(value) else {
            throw APIStatus.badRequest(
                "the object provided is unrecognized (must be of type \(expected.kind))")
        }
        if object.kind.isEmpty { object["kind"] = .string(expected.kind) }
        if object.apiVersion.isEmpty { object["apiVersion"] = .string(expected.apiVersion) }
        guard object.kind == expected.kind, object.apiVersion == expected.apiVersion else {
            throw APIStatus.badRequest(
                "\(object.kind) in version \"\(object.apiVersion)\" cannot be handled as a \(expected.kind): the object provided does not match the expected \(expected.apiVersion) \(expected.kind)"
            )
        }
        return try canonical(object, context)
    }

    /// For kinds that exist in every group, such as DeleteOptions: the version is not looked at.
    func decodeAnyVersion(_ request: HTTPServerRequest, _ context: RequestContext) throws -> APIObject {
        guard var object = APIObject(try value(of: request, context)),
            object.kind.isEmpty || object.kind == expected.kind
        else { throw APIStatus.badRequest("the body must be of kind \(expected.kind)") }
        object["kind"] = .string(expected.kind)
        object["apiVersion"] = .string(expected.apiVersion)
        return try canonical(object, context)
    }

    /// The canonical form of an object; what the schema does not know is treated as the request asks for.
    func canonical(_ object: APIObject, _ context: RequestContext) throws -> APIObject {
        guard let type else { throw APIStatus.internalError("no schema for \(expected.kind)") }
        do {
            let result = try ObjectDecoder.decode(object.value, as: type)
            try report(result.unknownFieldMessages, context)
            return APIObject(result.object)
        } catch let error as ObjectDecodingError {
            throw APIStatus.badRequest(
                "\(expected.kind) in version \"\(expected.version)\" cannot be handled as a \(expected.kind): \(error)"
            )
        }
    }

    private func report(_ messages: [String], _ context: RequestContext) throws {
        guard !messages.isEmpty else { return }
        switch context.fieldValidation {
        case .ignore: break
        case .warn: for message in messages { context.warnings.add(message) }
        case .strict:
            throw APIStatus.badRequest(
                "\(expected.kind) in version \"\(expected.version)\" cannot be handled as a \(expected.kind): strict decoding error: \(messages.joined(separator: ", "))"
            )
        }
    }

    private func value(of request: HTTPServerRequest, _ context: RequestContext) throws -> JSONValue {
        let type = Self.mediaType(request.headers["content-type"])
        let bytes = Array(request.body.readableBytesView)
        do {
            switch type {
            case "", "application/json", "text/json":
                let (value, duplicates) = try JSONParser.parse(bytes, recordingDuplicates: true)
                try report(duplicates.map { "duplicate field \"\($0)\"" }, context)
                return value
            case "application/yaml", "application/x-yaml", "text/yaml":
                let documents = try YAML.parse(bytes)
                guard let first = documents.first, documents.count == 1 else {
                    throw APIStatus.badRequest("the body must be one YAML document")
                }
                return first
            case "application/vnd.kubernetes.protobuf":
                return try ProtobufDecoder.decode(bytes).value
            default:
                throw APIStatus.unsupportedMediaType(
                    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"
                )
            }
        } catch let status as APIStatus {
            throw status
        } catch {
            throw APIStatus.badRequest("the body of the request cannot be decoded: \(error)")
        }
    }

    static func mediaType(_ header: String?) -> String {
        guard let header else { return "" }
        return String((header.split(separator: ";").first ?? "").trimmingBlanks).lowercased()
    }
}
