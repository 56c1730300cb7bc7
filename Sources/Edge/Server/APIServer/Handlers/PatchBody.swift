internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore

/// The body of a PATCH by its Content-Type, and the options that only patches have.
struct PatchBody {
    private let request: HTTPServerRequest

    init(_ request: HTTPServerRequest) {
        self.request = request
    }

    /// Sets `isForced` of the context.
    func decode(_ context: inout RequestContext) throws -> Patch {
        let type = BodyDecoder.mediaType(request.headers["content-type"])
        guard let kind = Patch.Kind(rawValue: type) else {
            throw APIStatus.unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml"
            )
        }
        try readOptions(kind, &context)
        let bytes = Array(request.body.readableBytesView)
        return Patch(
            kind, kind == .apply ? try configuration(bytes, context) : try patch(bytes, kind, context))
    }

    private func readOptions(_ kind: Patch.Kind, _ context: inout RequestContext) throws {
        let force = request.queryValue("force")
        var errors: [FieldError] = []
        if kind == .apply {
            if context.fieldManager.isEmpty {
                errors.append(
                    FieldError(.required, "fieldManager", detail: "is required for apply patch"))
            }
            context.isForced = force == "" || force == "true" || force == "1"
        } else if force != nil {
            errors.append(
                FieldError(.forbidden, "force", detail: "may not be specified for non-apply patch"))
        }
        guard errors.isEmpty else {
            throw APIStatus.invalid(kind: "PatchOptions", group: "meta.k8s.io", name: "", errors)
        }
    }

    private func patch(
        _ bytes: [UInt8], _ kind: Patch.Kind, _ context: RequestContext
    ) throws -> JSONValue {
        let value: JSONValue
        var duplicates: [String]
        do {
            (value, duplicates) = try JSONParser.parse(bytes, recordingDuplicates: true)
        } catch {
            throw APIStatus.badRequest("error decoding patch: \(error)")
        }
        let prefix = kind == .json ? "json patch " : ""
        duplicates = duplicates.map { "\(prefix)duplicate field \"\($0)\"" }
        switch context.fieldValidation {
        case .strict where !duplicates.isEmpty:
            throw APIStatus.invalid(
                kind: "", group: "", name: "",
                [
                    FieldError(
                        .invalid, "patch", value: .string(value.description),
                        detail: "strict decoding error: \(duplicates.joined(separator: ", "))")
                ])
        case .warn: for message in duplicates { context.warnings.add(message) }
        default: break
        }
        return value
    }

    /// An applied configuration: YAML, of which JSON is a part.
    private func configuration(_ bytes: [UInt8], _ context: RequestContext) throws -> JSONValue {
        // JSON reads much faster than YAML, and is what programs send.
        if let (value, duplicates) = try? JSONParser.parse(bytes, recordingDuplicates: true),
            duplicates.isEmpty
        {
            return value
        }
        let document: YAML.Document
        do {
            let documents = try YAML.documents(bytes)
            guard let first = documents.first, documents.count == 1 else {
                throw APIStatus.badRequest("error decoding YAML: the body must be one document")
            }
            document = first
        } catch let error as YAMLError {
            throw APIStatus.badRequest("error decoding YAML: \(error)")
        }
        if let message = document.strictMessage {
            let message = "error converting YAML to JSON: \(message)"
            switch context.fieldValidation {
            case .strict: throw APIStatus.badRequest("error strict decoding YAML: \(message)")
            case .warn: context.warnings.add(message.replacing("\n", with: ""))
            case .ignore: break
            }
        }
        return document.value
    }
}
