internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// Compiles the expressions of a policy once more with the types of the kinds that it names, and tells what
/// does not fit. These are warnings: the policy is in effect all the same.
struct PolicyTypeChecker {
    /// More kinds are not looked at.
    private static let maximumKinds = 10

    private let customResources: CustomResourceTable

    init(_ customResources: CustomResourceTable) { self.customResources = customResources }

    /// `ExpressionWarning`s: `spec.validations[0].expression: apps/v1, Kind=Deployment: ERROR: ...`.
    func warnings(for object: APIObject) -> [JSONValue] {
        let spec = object["spec"] ?? .null
        let kinds = kinds(spec["matchConstraints"] ?? .null)
        guard !kinds.isEmpty else { return [] }
        let paramKind = AdmissionPolicy.paramKind(spec)
        let params = paramKind.flatMap { kind in
            customResources.served.first { $0.groupVersionKind == kind }
                .map { TypeSchemas.schema(of: $0) }
        }
        // The places in their order, with the warnings of each.
        var places: [String] = []
        var found: [String: [String]] = [:]
        for kind in kinds {
            var environments = PolicyEnvironments(hasParams: paramKind != nil)
            environments.schemas["object"] = kind.schema
            environments.schemas["oldObject"] = kind.schema
            if let params { environments.schemas["params"] = params }
            check(spec, environments) { place, error in
                if found[place] == nil { places.append(place) }
                found[place, default: []].append("\(kind.name): \(error)")
            }
        }
        return places.map { place in
            ["fieldRef": .string(place), "warning": .string((found[place] ?? []).joined(separator: "\n"))]
        }
    }

    private func check(
        _ spec: JSONValue, _ environments: PolicyEnvironments, _ report: (String, String) -> Void
    ) {
        let variables = PolicyVariables(spec["variables"]?.array ?? [], in: environments.full) {
            report("spec.variables[\($0)].expression", Self.text($1))
        }
        let full = environments.full(variables.type)
        let plain = environments.withoutAuthorizer(variables.type)
        func compile(_ source: String?, _ environment: PolicyEnvironment, _ place: String) {
            guard let source, !source.isEmpty else { return }
            do throws(PolicyCompileError) { _ = try environment.compileAny(source) } catch {
                report(place, Self.text(error))
            }
        }
        for (index, condition) in (spec["matchConditions"]?.array ?? []).enumerated() {
            compile(
                condition["expression"]?.string, environments.conditions,
                "spec.matchConditions[\(index)].expression")
        }
        for (index, validation) in (spec["validations"]?.array ?? []).enumerated() {
            compile(validation["expression"]?.string, full, "spec.validations[\(index)].expression")
            compile(
                validation["messageExpression"]?.string, plain,
                "spec.validations[\(index)].messageExpression")
        }
    }

    private static func text(_ error: PolicyCompileError) -> String {
        let prefix = "compilation failed: "
        let text = error.description
        return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }

    // MARK: Kinds

    /// The kinds that the rules name without wildcards, with their types.
    private func kinds(_ match: JSONValue) -> [(name: String, schema: CELSchema)] {
        var kinds: [(name: String, schema: CELSchema)] = []
        for rule in match["resourceRules"]?.array ?? [] {
            let groups = rule["apiGroups"]?.strings ?? []
            let versions = rule["apiVersions"]?.strings ?? []
            let resources = rule["resources"]?.strings ?? []
            guard !(groups + versions + resources).contains(where: { $0.contains("*") }) else { continue }
            for group in groups {
                for version in versions {
                    for name in resources {
                        guard kinds.count < Self.maximumKinds,
                            let resource = resource(group, version, name)
                        else { continue }
                        let kind = "\(resource.apiVersion), Kind=\(resource.kind)"
                        if kinds.contains(where: { $0.name == kind }) { continue }
                        kinds.append((kind, TypeSchemas.schema(of: resource)))
                    }
                }
            }
        }
        return kinds.sorted { $0.name < $1.name }
    }

    /// Of subresources only those have the kind of the resource that are a part of it.
    private func resource(_ group: String, _ version: String, _ name: String) -> ResourceDefinition? {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        guard let plural = parts.first, parts.count < 2 || parts[1] == "status" else { return nil }
        return ServedResources.find(group: group, version: version, resource: plural)
            ?? customResources.find(group: group, version: version, resource: plural)
    }
}

/// The types of whole objects as expressions see them.
enum TypeSchemas {
    /// No variable has this name: names of types come before fields.
    private static let root = "kubernetes.object"

    static func schema(of resource: ResourceDefinition) -> CELSchema {
        if let custom = resource.custom {
            return RuleSchema.make(custom.version.rawSchema, name: root, isWhole: true, seesMetadata: true)
                ?? .any
        }
        guard let type = Schema.shared.kind(resource.groupVersionKind) else { return .any }
        return object(type, root, [])
    }

    static let metadata: CELSchema =
        Schema.shared.type("meta.v1.ObjectMeta").map { object($0, root + ".metadata", []) } ?? .any

    private static func object(_ type: TypeDefinition, _ name: String, _ around: [TypeID]) -> CELSchema {
        // A type within itself could go on for ever.
        guard !around.contains(type.id) else { return .any }
        var fields: [String: CELSchema] = [:]
        for field in type.fields {
            fields[field.name] = schema(field, "\(name).\(field.name)", around + [type.id])
        }
        return .object(CELObjectType(name: name, properties: fields))
    }

    private static func schema(_ field: FieldDefinition, _ name: String, _ around: [TypeID]) -> CELSchema {
        switch field.shape {
        case .single: return schema(field.value, name, around)
        case .list:
            let kind: CELListKind =
                field.flags.contains(.listSet)
                ? .set
                : field.flags.contains(.listMap) && !field.listMapKeys.isEmpty
                    ? .map(keys: field.listMapKeys) : .atomic
            return .list(of: schema(field.value, "\(name).@idx", around), kind: kind)
        case .map: return .map(of: schema(field.value, "\(name).@elem", around))
        case .mapOfLists: return .map(of: .list(of: schema(field.value, "\(name).@elem", around)))
        }
    }

    private static func schema(_ value: ValueType, _ name: String, _ around: [TypeID]) -> CELSchema {
        switch value {
        case .string, .quantity: .string()
        case .bool: .bool
        case .int32, .int64: .int
        case .double: .double
        case .intOrString: .intOrString()
        case .time, .microTime: .timestamp
        case .bytes: .bytes()
        case .object(let id): object(Schema.shared[id], name, around)
        default: .any
        }
    }
}
