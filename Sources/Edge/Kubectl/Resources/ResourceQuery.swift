internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// Which objects a command line names: by type and name, by type and selector, or by files.
struct ResourceQuery: Sendable {
    var arguments: [String] = []
    var filenames: [String] = []
    var isRecursive = false
    var labelSelector = ""
    var fieldSelector = ""
    var selectsAll = false
    var allNamespaces = false
    /// Whether a type alone means all objects of the type.
    var typeAloneMeansAll = false
    /// The type of arguments that are names only (`cordon NODE`).
    var defaultType = ""
    var chunkSize = 500
    /// Whether the first failure ends the reading of several objects.
    var stopsAtFirstError = false

    /// With the arguments and the usual flags of an invocation.
    init(_ call: Invocation, arguments: [String]? = nil) {
        self.arguments = arguments ?? call.arguments
        filenames = call.flags.strings("filename")
        isRecursive = call.flags.bool("recursive")
        labelSelector = call.flags.string("selector").trimmed
        fieldSelector = call.flags.string("field-selector").trimmed
        selectsAll = call.flags.bool("all")
        allNamespaces = call.flags.bool("all-namespaces")
        if call.flags.spec("chunk-size") != nil { chunkSize = call.flags.int("chunk-size") }
    }

    static let missingResource = KubectlError(
        "You must provide one or more resources by argument or filename.\n"
            + "Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n"
            + "   '<resource> <name>'\n   '<resource>'")

    enum Target: Sendable {
        case object(ResourceInfo)
        case list(APIResource, ResourceClient.Selection)
        /// From a file.
        case manifest(ResourceInfo)
    }

    /// What the command line comes down to.
    struct Plan: Sendable {
        var targets: [Target]
        /// Whether exactly one object is meant, so that it is printed alone and not in a List.
        var isSingleItem: Bool
    }

    var hasSelector: Bool { !labelSelector.isEmpty || !fieldSelector.isEmpty || selectsAll }

    func plan(_ session: Session) async throws -> Plan {
        if selectsAll, !labelSelector.isEmpty || !fieldSelector.isEmpty {
            throw KubectlError("setting 'all' parameter but found a non empty selector. ")
        }
        if !filenames.isEmpty { return try await planFiles(session) }
        let mapper = try session.mapper()
        let namespace = try allNamespaces ? "" : session.namespace()
        let arguments = try Self.normalized(arguments)
        if !defaultType.isEmpty {
            return try await planNames(arguments, type: defaultType, mapper, namespace)
        }
        if arguments.contains(where: { $0.contains("/") }) {
            return try await planPairs(arguments, mapper, namespace)
        }
        guard let types = arguments.first else { throw Self.missingResource }
        let names = Array(arguments.dropFirst())
        if names.isEmpty {
            guard hasSelector || typeAloneMeansAll else {
                _ = try await Self.resources(types, mapper)
                throw KubectlError("resource(s) were provided, but no name was specified")
            }
            return try await planLists(types, mapper, namespace)
        }
        guard !hasSelector else { throw KubectlError("name cannot be provided when a selector is specified") }
        return try await planNames(names, type: types, mapper, namespace)
    }

    // MARK: Forms of arguments

    /// `pods,services web` becomes `pods/web services/web`.
    private static func normalized(_ arguments: [String]) throws(KubectlError) -> [String] {
        guard arguments.count >= 2, let first = arguments.first, first.contains(",") else { return arguments }
        var seen = Set<String>()
        let types = first.split(separator: ",").map(String.init).filter { seen.insert($0).inserted }
        guard types.count > 1 else { return types + arguments.dropFirst() }
        return types.flatMap { type in arguments.dropFirst().map { "\(type)/\($0)" } }
    }

    private func planPairs(
        _ arguments: [String], _ mapper: ResourceMapper, _ namespace: String
    ) async throws -> Plan {
        guard arguments.allSatisfy({ $0.contains("/") }) else {
            throw KubectlError(
                "there is no need to specify a resource type as a separate argument when passing arguments in "
                    + "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of "
                    + "'kubectl get resource resource/<resource_name>'")
        }
        if hasSelector {
            throw KubectlError(
                "selectors and the all flag cannot be used when passing resource/name arguments")
        }
        var targets: [Target] = []
        for argument in arguments {
            let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw KubectlError("arguments in resource/name form may not have more than one slash")
            }
            guard !parts[0].isEmpty, !parts[1].isEmpty, !parts[0].contains(",") else {
                throw KubectlError("arguments in resource/name form must have a single resource and name")
            }
            targets.append(try object(try await mapper.resource(named: parts[0]), parts[1], namespace))
        }
        return Plan(targets: targets, isSingleItem: targets.count == 1)
    }

    private func planNames(
        _ names: [String], type: String, _ mapper: ResourceMapper, _ namespace: String
    ) async throws -> Plan {
        if names.isEmpty, hasSelector { return try await planLists(type, mapper, namespace) }
        let resources = try await Self.resources(type, mapper)
        guard resources.count == 1, let resource = resources.first else {
            throw KubectlError("you must specify only one resource")
        }
        var targets: [Target] = []
        for name in names {
            let pair = name.split(atFirst: "/")
            let type = try await pair.asyncMap { try await mapper.resource(named: $0.0) } ?? resource
            targets.append(try object(type, pair?.1 ?? name, namespace))
        }
        return Plan(targets: targets, isSingleItem: targets.count == 1)
    }

    private func object(_ resource: APIResource, _ name: String, _ namespace: String) throws -> Target {
        if resource.isNamespaced, namespace.isEmpty {
            throw KubectlError("a resource cannot be retrieved by name across all namespaces")
        }
        return .object(ResourceInfo(resource: resource, namespace: namespace, name: name))
    }

    private func planLists(
        _ types: String, _ mapper: ResourceMapper, _ namespace: String
    ) async throws -> Plan {
        let targets = try await Self.resources(types, mapper).map { resource in
            Target.list(
                resource,
                ResourceClient.Selection(
                    namespace: resource.isNamespaced ? namespace : "", labelSelector: labelSelector,
                    fieldSelector: fieldSelector, chunkSize: chunkSize))
        }
        return Plan(targets: targets, isSingleItem: false)
    }

    /// The resources of `pods,svc` or `all`, each once.
    static func resources(_ types: String, _ mapper: ResourceMapper) async throws -> [APIResource] {
        var resources: [APIResource] = []
        for type in types.split(separator: ",").map(String.init) {
            let found: [APIResource]
            if let members = try await mapper.resources(inCategory: type) {
                found = members
            } else {
                found = [try await mapper.resource(named: type)]
            }
            for resource in found
            where !resources.contains(where: {
                $0.kind == resource.kind && $0.apiVersion == resource.apiVersion
            }) {
                resources.append(resource)
            }
        }
        return resources
    }

    // MARK: Files

    private func planFiles(_ session: Session) async throws -> Plan {
        if !arguments.isEmpty {
            throw KubectlError(
                arguments.contains { $0.contains("/") }
                    ? "resource/name arguments cannot be provided when a path is specified"
                    : "when paths, URLs, or stdin is provided as input, you may not specify resource "
                        + "arguments as well")
        }
        let manifests = try await ManifestReader(environment: session.environment)
            .read(filenames, recursive: isRecursive)
        let selector = try labelSelector.isEmpty ? nil : LabelSelector(parsing: labelSelector)
        var targets: [Target] = []
        for manifest in manifests where selector?.matches(manifest.object) ?? true {
            targets.append(.manifest(try await info(manifest, session)))
        }
        return Plan(
            targets: targets,
            isSingleItem: filenames.count == 1 && filenames[0] != "-"
                && !HostFiles.isDirectory(filenames[0]) && targets.count == 1)
    }

    /// The resource and namespace of an object in a file.
    private func info(_ manifest: Manifest, _ session: Session) async throws -> ResourceInfo {
        var object = manifest.object
        let resource: APIResource
        do {
            resource = try await session.mapper().resource(kind: object.kind, apiVersion: object.apiVersion)
        } catch let error as KindNotFound {
            throw KubectlError(
                "resource mapping not found for name: \(goQuoted(object.name)) namespace: "
                    + "\(goQuoted(object.namespace)) from \(goQuoted(manifest.source)): \(error)\n"
                    + "ensure CRDs are installed first")
        }
        if resource.isNamespaced {
            let namespace = try session.namespace()
            if object.namespace.isEmpty {
                object[path: "metadata", "namespace"] = .string(namespace)
            } else if session.isNamespaceExplicit, object.namespace != namespace {
                throw KubectlError(
                    "the namespace from the provided object \(goQuoted(object.namespace)) does not match the "
                        + "namespace \(goQuoted(namespace)). You must pass '--namespace=\(object.namespace)' "
                        + "to perform this operation.")
            }
        } else if !object.namespace.isEmpty {
            object[path: "metadata", "namespace"] = nil
        }
        return ResourceInfo(
            resource: resource, namespace: object.namespace, name: object.name, object: object,
            source: manifest.source)
    }
}

extension Optional {
    func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
