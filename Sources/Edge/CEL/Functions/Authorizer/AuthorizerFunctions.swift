internal import EdgeAPI

/// A check that is being put together.
struct AuthorizerValue: CELOpaqueValue {
    enum Kind: String {
        case authorizer = "kubernetes.authorization.Authorizer"
        case pathCheck = "kubernetes.authorization.PathCheck"
        case groupCheck = "kubernetes.authorization.GroupCheck"
        case resourceCheck = "kubernetes.authorization.ResourceCheck"
    }

    let kind: Kind
    let authorizer: any CELAuthorizer
    let request: CELAuthorizationRequest

    var type: CELType { .opaque(kind.rawValue) }
    var text: String { kind.rawValue }

    func equals(_ other: any CELOpaqueValue) -> Bool {
        guard let other = other as? AuthorizerValue else { return false }
        return kind == other.kind && request == other.request
    }
}

struct DecisionValue: CELOpaqueValue {
    static let type = CELType.opaque("kubernetes.authorization.Decision")

    let decision: CELAuthorizationDecision
    var type: CELType { Self.type }
    var text: String { "kubernetes.authorization.Decision" }

    func equals(_ other: any CELOpaqueValue) -> Bool {
        guard let other = (other as? DecisionValue)?.decision else { return false }
        return decision.isAllowed == other.isAllowed && decision.reason == other.reason
            && decision.error == other.error
    }
}

/// Kubernetes' authorizer library.
enum AuthorizerFunctions {
    private static let group = CELType.opaque(AuthorizerValue.Kind.groupCheck.rawValue)
    private static let path = CELType.opaque(AuthorizerValue.Kind.pathCheck.rawValue)

    /// Declares a function that goes on with a check.
    private static func step(
        _ name: String, _ id: String, _ arguments: [CELType], _ kind: AuthorizerValue.Kind,
        in table: inout FunctionTable,
        _ change:
            @escaping @Sendable (inout CELAuthorizationRequest, [CELValue]) throws(CELEvaluationError) -> Void
    ) {
        table.member(name, id, arguments, .opaque(kind.rawValue)) { values throws(CELEvaluationError) in
            let check = try check(values[0])
            var request = check.request
            try change(&request, values)
            return .opaque(AuthorizerValue(kind: kind, authorizer: check.authorizer, request: request))
        }
    }

    private static func check(_ value: CELValue) throws(CELEvaluationError) -> AuthorizerValue {
        guard case .opaque(let value) = value, let check = value as? AuthorizerValue else {
            throw .noSuchOverload
        }
        return check
    }

    private static func requireText(_ value: CELValue, _ name: String) throws(CELEvaluationError) -> String {
        guard value.asText.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw CELEvaluationError("\(name) must not be empty")
        }
        return value.asText
    }

    static func declare(in table: inout FunctionTable) {
        let resource = CELType.resourceCheck
        step("path", "authorizer_path", [.authorizer, .string], .pathCheck, in: &table) {
            request, values throws(CELEvaluationError) in
            request.path = try requireText(values[1], "path")
        }
        step("group", "authorizer_group", [.authorizer, .string], .groupCheck, in: &table) {
            request, values throws(CELEvaluationError) in
            request.group = values[1].asText
        }
        step(
            "serviceAccount", "authorizer_serviceaccount", [.authorizer, .string, .string], .authorizer,
            in: &table
        ) {
            request, values throws(CELEvaluationError) in
            guard Names.subdomain(values[2].asText).isEmpty else {
                throw CELEvaluationError("Invalid service account name")
            }
            guard Names.label(values[1].asText).isEmpty else {
                throw CELEvaluationError("Invalid service account namespace")
            }
            request.serviceAccount = CELAuthorizationRequest.ServiceAccount(
                namespace: values[1].asText, name: values[2].asText)
        }
        step("resource", "groupcheck_resource", [group, .string], .resourceCheck, in: &table) {
            request, values throws(CELEvaluationError) in
            request.resource = try requireText(values[1], "resource")
        }
        let details: [(String, String, @Sendable (inout CELAuthorizationRequest, String) -> Void)] = [
            ("subresource", "resourcecheck_subresource", { $0.subresource = $1 }),
            ("namespace", "resourcecheck_namespace", { $0.namespace = $1 }),
            ("name", "resourcecheck_name", { $0.name = $1 }),
            ("fieldSelector", "authorizer_fieldselector", { $0.fieldSelector = $1 }),
            ("labelSelector", "authorizer_labelselector", { $0.labelSelector = $1 }),
        ]
        for (name, id, change) in details {
            step(name, id, [resource, .string], .resourceCheck, in: &table) {
                request, values throws(CELEvaluationError) in
                change(&request, values[1].asText)
            }
        }
        for (id, type) in [("pathcheck_check", path), ("resourcecheck_check", resource)] {
            table.member("check", id, [type, .string], DecisionValue.type) {
                values throws(CELEvaluationError) in
                let check = try check(values[0])
                var request = check.request
                request.verb = values[1].asText
                return .opaque(DecisionValue(decision: check.authorizer.authorize(request)))
            }
        }
        declareDecision(in: &table)
    }

    private static func declareDecision(in table: inout FunctionTable) {
        let parts: [(String, String, CELType, @Sendable (CELAuthorizationDecision) -> CELValue)] = [
            ("allowed", "decision_allowed", .bool, { .bool($0.isAllowed) }),
            ("reason", "decision_reason", .string, { .string($0.reason) }),
            ("errored", "decision_errored", .bool, { .bool($0.error != nil) }),
            ("error", "decision_error", .string, { .string($0.error ?? "") }),
        ]
        for (name, id, type, part) in parts {
            table.member(name, id, [DecisionValue.type], type) { values throws(CELEvaluationError) in
                guard case .opaque(let value) = values[0], let decision = value as? DecisionValue else {
                    throw .noSuchOverload
                }
                return part(decision.decision)
            }
        }
    }
}
