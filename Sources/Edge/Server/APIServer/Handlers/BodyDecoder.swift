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
    private let custom: CustomResource?

    init(_ expected: GroupVersionKind) {
        self.expected = expected
        type = Schema.shared.kind(expected)
        custom = nil
    }

    init(resource: ResourceDefinition) {
        expected = resource.groupVersionKind
        custom = resource.custom
        type = custom == nil ? Schema.shared.kind(expected) : nil
    }

    /// A body without kind and apiVersion is taken for the expected one.
    func decode(_ request: HTTPServerRequest, _ context: RequestContext) throws -> APIObject {
        let (value, duplicates) = try value(of: request)
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
        return try canonical(object, context, duplicates: duplicates)
    }

    /// For kinds that exist in every group, such as DeleteOptions: the version is not looked at.
    func decodeAnyVersion(_ request: HTTPServerRequest, _ context: RequestContext) throws -> APIObject {
        let (value, duplicates) = try value(of: request)
        guard var object = APIObject(value),
            object.kind.isEmpty || object.kind == expected.kind
        else { throw APIStatus.badRequest("the body must be of kind \(expected.kind)") }
        object["kind"] = .string(expected.kind)
        object["apiVersion"] = .string(expected.apiVersion)
        return try canonical(object, context, duplicates: duplicates)
    }

    /// The canonical form of an object; what the schema does not know is treated as the request asks for.
    /// - Parameters:
    ///   - duplicates: what is to be said of members that stood twice in the text.
    ///   - patch: the patch of which the object is the result.
    func canonical(
        _ object: APIObject, _ context: RequestContext, duplicates: [String] = [], patch: JSONValue? = nil
    ) throws -> APIObject {
        var object = object
        // An empty list of managers is a wish, which the canonical form would drop.
        if object[path: "metadata", "managedFields"] == .array([]) {
            object[path: "metadata", "managedFields"] = [[:]]
        }
        do {
            let result: ObjectDecoder.Result
            if let custom {
                result = try custom.canonical(object)
            } else if let type {
                result = try ObjectDecoder.decode(object.value, as: type)
            } else {
                throw APIStatus.internalError("no schema for \(expected.kind)")
            }
            try report(duplicates + result.unknownFieldMessages, context, patch: patch)
            return APIObject(result.object)
        } catch let error as ObjectDecodingError {
            throw APIStatus.badRequest(
                "\(expected.kind) in version \"\(expected.version)\" cannot be handled as a \(expected.kind): \(error)"
            )
        }
    }

    private func report(_ messages: [String], _ context: RequestContext, patch: JSONValue?) throws {
        guard !messages.isEmpty else { return }
        switch context.fieldValidation {
        case .ignore: break
        case .warn:
            for message in messages { context.warnings.add(message.replacing("\n", with: "")) }
        case .strict:
            if let patch {
                throw APIStatus.invalid(
                    kind: "", group: "", name: "",
                    [
                        FieldError(
                            .invalid, "patch", value: .string(patch.description),
                            detail: "strict decoding error: \(messages.joined(separator: ", "))")
                    ])
            }
            throw APIStatus.badRequest(
                "\(expected.kind) in version \"\(expected.version)\" cannot be handled as a \(expected.kind): strict decoding error: \(messages.joined(separator: ", "))"
            )
        }
    }

    /// The body, and messages about members that stand twice in it.
    private func value(of request: HTTPServerRequest) throws -> (JSONValue, duplicates: [String]) {
        let type = Self.mediaType(request.headers["content-type"])
        let bytes = Array(request.body.readableBytesView)
        do {
            switch type {
            case "", "application/json", "text/json":
                let (value, duplicates) = try JSONParser.parse(bytes, recordingDuplicates: true)
                return (value, duplicates.map { "duplicate field \"\($0)\"" })
            case "application/yaml", "application/x-yaml", "text/yaml":
                let documents = try YAML.documents(bytes)
                guard let first = documents.first, documents.count == 1 else {
                    throw APIStatus.badRequest("the body must be one YAML document")
                }
                return (first.value, first.strictMessage.map { [$0] } ?? [])
            case "application/vnd.kubernetes.protobuf" where custom == nil:
                return (try ProtobufDecoder.decode(bytes).value, [])
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

extension YAML.Document {
    /// What go-yaml says of keys that stand twice; nil when none does.
    var strictMessage: String? {
        guard !duplicateKeys.isEmpty else { return nil }
        return "yaml: unmarshal errors:" + duplicateKeys.map { "\n  \($0)" }.joined()
    }
}
