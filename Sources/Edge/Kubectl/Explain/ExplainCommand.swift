internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl explain`
enum ExplainCommand {
    static let spec = CommandSpec(
        "explain", "Get documentation for a resource",
        usage: "TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group]",
        examples: [
            "kubectl explain pods", "kubectl explain pods.spec.containers",
            "kubectl explain deploy --recursive",
        ],
        flags: [
            FlagSpec("api-version", nil, .string, "Group and version to look in: apps/v1."),
            FlagSpec("output", "o", .string, default: "plaintext", "Only plaintext."),
            FlagSpec("recursive", nil, .bool, "Show all fields of fields, without their descriptions."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        guard let target = call.arguments.first else {
            throw KubectlError(
                "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete "
                    + "list of supported resources.")
        }
        guard call.arguments.count == 1 else {
            throw KubectlError("We accept only this format: explain RESOURCE")
        }
        guard call.flags.string("output") == "plaintext" else {
            throw KubectlError.unsupported("the output format \(goQuoted(call.flags.string("output")))")
        }
        let (resource, path) = try await resolve(call, target)
        let document = try await document(call, resource)
        guard
            let schema = document.schema(
                group: resource.group, version: resource.version, kind: resource.kind)
        else {
            throw KubectlError(
                "GVR (\(resource.apiVersion), Resource=\(resource.name)) not found in OpenAPI schema")
        }
        if !resource.group.isEmpty { call.line("GROUP:      \(resource.group)") }
        call.line("KIND:       \(resource.kind)")
        call.line("VERSION:    \(resource.version)\n")
        guard
            let text = Explanation.text(
                schema, path: path, in: document, isRecursive: call.flags.bool("recursive"))
        else { throw KubectlError("field \(goQuoted(path.last ?? "")) does not exist") }
        call.write(text + "\n")
    }

    /// The resource and the path of fields; a group with dots may stand between them.
    private static func resolve(_ call: Invocation, _ target: String) async throws -> (APIResource, [String])
    {
        let parts = target.split(separator: ".").map(String.init)
        guard let name = parts.first else { throw KubectlError("empty resource name") }
        let mapper = try call.session.mapper()
        let wanted = call.flags.string("api-version")
        if !wanted.isEmpty {
            // Short names are told for one version of a group only: they lead to the resource's name first.
            let named = try await resource(name, mapper)
            let found = try await mapper.discovery().resources.first {
                $0.apiVersion == wanted && $0.name == named.name
            }
            guard let found else {
                throw KubectlError(
                    "couldn't find resource for \(goQuoted("\(wanted), Resource=\(named.name)"))")
            }
            return (found, Array(parts.dropFirst()))
        }
        for count in stride(from: parts.count, to: 1, by: -1) {
            if let found = try? await mapper.resource(named: parts[..<count].joined(separator: ".")) {
                return (found, Array(parts[count...]))
            }
        }
        return (try await resource(name, mapper), Array(parts.dropFirst()))
    }

    private static func resource(_ name: String, _ mapper: ResourceMapper) async throws -> APIResource {
        do {
            return try await mapper.resource(named: name)
        } catch let error as ResourceNotFound {
            throw KubectlError.verbatim(error.description)
        }
    }

    private static func document(_ call: Invocation, _ resource: APIResource) async throws -> OpenAPIDocument
    {
        let rest = try call.session.rest()
        let index = try await rest.json(RESTRequest("GET", "/openapi/v3"))
        let root = String(RESTPath.root(group: resource.group, version: resource.version).dropFirst())
        guard let url = index.at("paths", root, "serverRelativeURL")?.string else {
            throw KubectlError("the server has no OpenAPI v3 document for \(resource.apiVersion)")
        }
        let (path, query) = url.split(atFirst: "?") ?? (url, "")
        let fields = query.split(separator: "&").compactMap { String($0).split(atFirst: "=") }
        return OpenAPIDocument(
            json: try await rest.json(
                RESTRequest("GET", path, query: fields.map { .init($0.0, $0.1) })))
    }
}
