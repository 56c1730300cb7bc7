internal import EdgeCEL

/// What expressions of admission may refer to. Made once for each combination of variables.
struct PolicyEnvironment: Sendable {
    private let environment: CELEnvironment

    /// - Parameters:
    ///   - hasParams: `params` is declared.
    ///   - hasAuthorizer: `authorizer` is declared.
    ///   - variables: the variables of the policy that come before the expression.
    ///   - schemas: of `object`, `oldObject` and `params`, where they are known.
    ///   - libraries: besides those that every expression has.
    init(
        hasParams: Bool = false, hasAuthorizer: Bool = true, variables: CELObjectType? = nil,
        schemas: [String: CELSchema] = [:], libraries: [CELLibrary] = [], types: [CELObjectType] = []
    ) {
        var declared: [String: CELSchema] = [
            "object": .any, "oldObject": .any, "request": .object(PolicyTypes.request),
            "namespaceObject": .object(PolicyTypes.namespace),
        ]
        if hasParams { declared["params"] = .any }
        if hasAuthorizer {
            declared["authorizer"] = CELSchema(.authorizer)
            declared["authorizer.requestResource"] = CELSchema(.resourceCheck)
        }
        if let variables { declared["variables"] = .object(variables) }
        for (name, schema) in schemas where declared[name] != nil { declared[name] = schema }
        environment = CELEnvironment(
            variables: declared, libraries: CELLibrary.kubernetes + libraries, types: types)
    }

    /// Compiles an expression that must give one of these types.
    func compile(_ source: String, _ types: CELType...) throws(PolicyCompileError) -> CELProgram {
        try compile(source, types)
    }

    func compile(_ source: String, _ types: [CELType]) throws(PolicyCompileError) -> CELProgram {
        let program = try compileAny(source)
        guard types.contains(program.resultType) else {
            let wanted =
                types.count == 1
                ? "\(types[0])" : "one of [\(types.map(\.description).joined(separator: " "))]"
            throw PolicyCompileError("must evaluate to \(wanted) but got \(program.resultType)")
        }
        return program
    }

    /// Compiles an expression that may give anything.
    func compileAny(_ source: String) throws(PolicyCompileError) -> CELProgram {
        do throws(CELCompileErrors) { return try environment.compile(source) } catch {
            throw PolicyCompileError("compilation failed: \(error)")
        }
    }
}

/// Why an expression cannot be used, in Kubernetes' words.
struct PolicyCompileError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The types of the variables that every expression of admission has.
enum PolicyTypes {
    static let request: CELObjectType = {
        let text = CELSchema.string()
        let kind = object("kubernetes.GroupVersionKind", ["group": text, "version": text, "kind": text])
        let resource = object(
            "kubernetes.GroupVersionResource", ["group": text, "version": text, "resource": text])
        let user = object(
            "kubernetes.UserInfo",
            [
                "username": text, "uid": text, "groups": .list(of: text),
                "extra": .map(of: .list(of: text)),
            ])
        return CELObjectType(
            name: "kubernetes.AdmissionRequest",
            properties: [
                "kind": kind, "resource": resource, "subResource": text, "requestKind": kind,
                "requestResource": resource, "requestSubResource": text, "name": text, "operation": text,
                "userInfo": user, "dryRun": .bool, "options": .any,
            ]
        ).adding("namespace", text)
    }()

    static let namespace: CELObjectType = {
        let text = CELSchema.string()
        let condition = object(
            "kubernetes.NamespaceCondition",
            [
                "status": text, "type": text, "lastTransitionTime": .timestamp, "message": text,
                "reason": text,
            ])
        let metadata = CELObjectType(
            name: "kubernetes.NamespaceMetadata",
            properties: [
                "name": text, "generateName": text, "labels": .map(of: text), "annotations": .map(of: text),
                "UID": text, "creationTimestamp": .timestamp, "deletionGracePeriodSeconds": .int,
                "deletionTimestamp": .timestamp, "generation": .int, "resourceVersion": text,
                "finalizers": .list(of: text),
            ]
        ).adding("namespace", text)
        return CELObjectType(
            name: "kubernetes.Namespace",
            properties: [
                "metadata": .object(metadata),
                "spec": object("kubernetes.NamespaceSpec", ["finalizers": .list(of: text)]),
                "status": object(
                    "kubernetes.NamespaceStatus", ["conditions": .list(of: condition), "phase": text]),
            ])
    }()

    private static func object(_ name: String, _ fields: [String: CELSchema]) -> CELSchema {
        .object(CELObjectType(name: name, properties: fields))
    }
}

extension CELObjectType {
    /// With a field whose name is not escaped though it is a word of the language: `request.namespace`.
    fileprivate func adding(_ name: String, _ schema: CELSchema) -> CELObjectType {
        var fields = fields
        fields[name] = CELField(jsonName: name, schema: schema)
        return CELObjectType(name: self.name, fields: fields)
    }
}
