internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// A subcommand of `create` that makes an object from flags.
struct Generator {
    typealias Build = @Sendable (Invocation, _ name: String) async throws -> JSONValue

    /// - Parameter required: flags without which the command says so before it looks at its arguments.
    static func spec(
        _ name: String, aliases: [String] = [], _ summary: String, usage: String, examples: [String] = [],
        flags: [FlagSpec] = [], required: [String] = [], build: @escaping Build
    ) -> CommandSpec {
        CommandSpec(
            name, aliases: aliases, summary, usage: usage, examples: examples,
            flags: flags + FlagSets.output + [
                FlagSets.dryRun, FlagSets.validate, FlagSets.fieldManager("kubectl-create"),
                FlagSpec(
                    "save-config", nil, .bool, "Keep the configuration in the object for a later apply."),
            ],
            run: { call in
                let missing = required.filter { !call.flags.isSet($0) }
                guard missing.isEmpty else {
                    let names = missing.map { "\"\($0)\"" }.joined(separator: ", ")
                    throw KubectlError("required flag(s) \(names) not set")
                }
                try await run(call, build)
            })
    }

    private static func run(_ call: Invocation, _ build: Build) async throws {
        let arguments = call.argumentsBeforeDash
        guard arguments.count == 1, let name = arguments.first else {
            throw KubectlError.arguments("exactly one NAME is required, got \(arguments.count)")
        }
        try await create(call, try await build(call, name))
    }

    /// Creates an object that was made here and tells of it.
    static func create(_ call: Invocation, _ value: JSONValue) async throws {
        guard var object = APIObject(value) else { return }
        let dryRun = try DryRun(call)
        let resource = try APIResource.builtIn(apiVersion: object.apiVersion, kind: object.kind)
        let namespace = resource.isNamespaced ? try call.session.namespace() : ""
        if resource.isNamespaced, call.session.isNamespaceExplicit {
            object[path: "metadata", "namespace"] = .string(namespace)
        }
        if call.flags.bool("save-config") { object = LastApplied.annotated(object) }
        var info = ResourceInfo(resource: resource, namespace: namespace, name: object.name, object: object)
        var printer = try ChangePrinter(call, dryRun)
        if dryRun != .client {
            do {
                info = info.refreshed(
                    try await call.session.resources().create(
                        info, object.value, options: try call.writeOptions(dryRun)))
            } catch let status as APIStatus {
                guard let noun = noun(object) else { throw status }
                throw KubectlError("failed to create \(noun) \(status.message)")
            }
        }
        try printer.show(info, "created")
    }
}

extension Generator {
    /// What a failure calls the object; nil for kinds whose failures are told as they come.
    private static func noun(_ object: APIObject) -> String? {
        switch object.kind {
        case "Namespace", "Role", "ClusterRole": nil
        case "Secret": "secret"
        case "Service": "\(object[path: "spec", "type"]?.string ?? "") service:"
        case "PodDisruptionBudget": "poddisruptionbudgets:"
        case "ResourceQuota": "quota:"
        default: "\(object.kind.lowercased()):"
        }
    }
}
