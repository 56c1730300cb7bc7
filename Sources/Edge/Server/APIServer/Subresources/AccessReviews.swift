internal import EdgeAPI
internal import EdgeJSON

/// Questions about access: objects that are answered instead of stored.
extension APIServer {
    typealias Review = (APIObject, UserInfo) throws -> APIObject

    /// How a resource that is a question is answered; nil for ordinary resources.
    func review(_ resource: ResourceDefinition) -> Review? {
        switch resource.storageName {
        case "selfsubjectaccessreviews.authorization.k8s.io":
            return { review, user in try self.accessReview(review, of: user) }
        case "subjectaccessreviews.authorization.k8s.io", "localsubjectaccessreviews.authorization.k8s.io":
            return { review, _ in try self.accessReview(review, of: Self.subject(review)) }
        case "selfsubjectrulesreviews.authorization.k8s.io":
            return { review, user in self.rulesReview(review, of: user) }
        case "tokenreviews.authentication.k8s.io":
            return { review, _ in self.tokenReview(review) }
        case "selfsubjectreviews.authentication.k8s.io":
            return { review, user in
                var review = review
                review["status"] = ["userInfo": user.value]
                return review
            }
        default: return nil
        }
    }

    private func accessReview(_ review: APIObject, of user: UserInfo) throws -> APIObject {
        var review = review
        let spec = review["spec"] ?? [:]
        let access: AccessRequest
        if let resource = spec["resourceAttributes"] {
            access = AccessRequest(
                user: user, verb: resource["verb"]?.string ?? "",
                target: .resource(
                    group: resource["group"]?.string ?? "", resource: resource["resource"]?.string ?? "",
                    subresource: resource["subresource"]?.string ?? "",
                    namespace: resource["namespace"]?.string ?? "", name: resource["name"]?.string ?? ""))
        } else if let path = spec["nonResourceAttributes"] {
            access = AccessRequest(
                user: user, verb: path["verb"]?.string ?? "", target: .path(path["path"]?.string ?? ""))
        } else {
            throw APIStatus.invalid(
                kind: review.kind, group: "authorization.k8s.io", name: "",
                [
                    FieldError(
                        .invalid, "spec.resourceAttributes", value: .null,
                        detail: "exactly one of nonResourceAttributes or resourceAttributes must be specified"
                    )
                ])
        }
        var status: JSONObject
        switch authorizer.authorize(access) {
        case .allowed(let reason):
            status = ["allowed": true]
            if !reason.isEmpty { status["reason"] = .string(reason) }
        case .denied(let reason):
            status = ["allowed": false]
            if !reason.isEmpty { status["reason"] = .string(reason) }
        }
        review["status"] = .object(status)
        return review
    }

    private static func subject(_ review: APIObject) -> UserInfo {
        let spec = review["spec"]
        return UserInfo(
            name: spec?["user"]?.string ?? "", uid: spec?["uid"]?.string ?? "",
            groups: spec?["groups"]?.strings ?? [])
    }

    private func rulesReview(_ review: APIObject, of user: UserInfo) -> APIObject {
        var review = review
        var rules = rbac.rules(for: user, namespace: review[path: "spec", "namespace"]?.string ?? "default")
        if user.isMember(of: UserInfo.Group.masters) { rules = [.everything, .everyPath] }
        let resourceRules = rules.filter { !$0.resources.isEmpty }.map { rule -> JSONValue in
            var value: JSONObject = [
                "verbs": .array(rule.verbs.map(JSONValue.string)),
                "apiGroups": .array(rule.groups.map(JSONValue.string)),
                "resources": .array(rule.resources.map(JSONValue.string)),
            ]
            if !rule.resourceNames.isEmpty {
                value["resourceNames"] = .array(rule.resourceNames.map(JSONValue.string))
            }
            return .object(value)
        }
        let pathRules = rules.filter { !$0.paths.isEmpty }.map { rule -> JSONValue in
            [
                "verbs": .array(rule.verbs.map(JSONValue.string)),
                "nonResourceURLs": .array(rule.paths.map(JSONValue.string)),
            ]
        }
        review["status"] = [
            "resourceRules": .array(resourceRules), "nonResourceRules": .array(pathRules),
            "incomplete": false,
        ]
        return review
    }

    private func tokenReview(_ review: APIObject) -> APIObject {
        var review = review
        let token = review[path: "spec", "token"]?.string ?? ""
        let wanted = review[path: "spec", "audiences"]?.strings ?? []
        guard let result = authenticator.authenticate(token: token) else {
            review["status"] = ["authenticated": false, "error": "invalid bearer token"]
            return review
        }
        let audiences = wanted.isEmpty ? result.audiences : wanted.filter { result.audiences.contains($0) }
        guard wanted.isEmpty || !audiences.isEmpty else {
            review["status"] = ["authenticated": false, "error": "token audiences do not match"]
            return review
        }
        review["status"] = [
            "authenticated": true, "user": result.user.value,
            "audiences": .array(audiences.map(JSONValue.string)),
        ]
        return review
    }
}

extension PolicyRule {
    static let everything = PolicyRule(["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]])
    static let everyPath = PolicyRule(["verbs": ["*"], "nonResourceURLs": ["*"]])
}
