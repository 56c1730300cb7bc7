internal import EdgeAPI
public import EdgeBase
internal import EdgeJSON
public import EdgeStorage
public import EdgeTransport

/// ServiceAccount tokens: signed statements of who the bearer is, bound to a pod, Secret or node, for some
/// audiences, until a time. A token ends early when what it is bound to is gone.
public struct ServiceAccountTokens: TokenAuthenticator {
    /// Shorter wishes are raised to this, as in Kubernetes.
    private static let minimumSeconds: Int64 = 600
    private static let maximumSeconds: Int64 = 1 << 32
    private static let defaultSeconds: Int64 = 3600
    /// What kubelets ask for in the automatic volume; such tokens live a year so that clients which read the
    /// file only once keep working (Kubernetes' `service-account-extend-token-expiration`).
    private static let automaticSeconds: Int64 = 3607
    private static let extendedSeconds: Int64 = 365 * 86400

    private let key: TokenSigningKey
    private let keys: TokenKeySet
    private let store: ObjectStore
    private let clock: any WallClock
    public let issuer: String
    public let audiences: [String]

    public init(
        key: TokenSigningKey, issuer: String, store: ObjectStore, clock: any WallClock = SystemWallClock()
    ) {
        self.key = key
        keys = TokenKeySet([key.verificationKey])
        self.issuer = issuer
        audiences = [issuer, "edge"]
        self.store = store
        self.clock = clock
    }

    // MARK: Checking

    public func authenticate(token: String) -> AuthenticatedToken? {
        guard token.split(separator: ".").count == 3, let verified = try? keys.verify(token),
            verified.issuer == issuer, (try? verified.checkTimes(now: clock.now)) != nil,
            let claims = verified.claims["kubernetes.io"], let namespace = claims["namespace"]?.string,
            let name = claims["serviceaccount"]?["name"]?.string,
            let uid = claims["serviceaccount"]?["uid"]?.string,
            isPresent("serviceaccounts", namespace, claims["serviceaccount"])
        else { return nil }
        for (claim, resource) in [("pod", "pods"), ("secret", "secrets")] where claims[claim] != nil {
            guard isPresent(resource, namespace, claims[claim]) else { return nil }
        }
        // A token for a pod ends with the pod; one for a node with the node.
        if claims["pod"] == nil, claims["node"] != nil, !isPresent("nodes", "", claims["node"]) { return nil }
        // The API server itself is one audience; a token made for others only is no credential here.
        guard verified.audiences.contains(where: audiences.contains) else { return nil }
        var user = UserInfo.serviceAccount(namespace: namespace, name: name, uid: uid)
        Self.addExtra(from: claims, to: &user)
        let end = Timestamp(seconds: verified.claims["exp"]?.int ?? 0)
        return AuthenticatedToken(user: user, notAfter: end, audiences: verified.audiences)
    }

    /// Whether the object is there with this uid and is not long past its deletion.
    private func isPresent(_ resource: String, _ namespace: String, _ reference: JSONValue?) -> Bool {
        guard let name = reference?["name"]?.string, let uid = reference?["uid"]?.string,
            let stored = store.get(ObjectKey(resource: resource, namespace: namespace, name: name)),
            let object = try? APIObject(decoding: stored), object.uid == uid
        else { return false }
        guard let deletion = object.deletionTimestamp else { return true }
        return clock.now < deletion + .seconds(60)
    }

    private static func addExtra(from claims: JSONValue, to user: inout UserInfo) {
        let prefix = "authentication.kubernetes.io/"
        for kind in ["pod", "node"] {
            if let name = claims[kind]?["name"]?.string { user.extra["\(prefix)\(kind)-name"] = [name] }
            if let uid = claims[kind]?["uid"]?.string { user.extra["\(prefix)\(kind)-uid"] = [uid] }
        }
    }

    // MARK: Making

    /// Answers a TokenRequest.
    func request(namespace: String, account name: String, request: APIObject) throws -> APIObject {
        let accountKey = ObjectKey(resource: "serviceaccounts", namespace: namespace, name: name)
        guard let stored = store.get(accountKey) else { throw APIStatus.notFound("serviceaccounts", name) }
        let account = try APIObject(decoding: stored)
        let wished = request[path: "spec", "expirationSeconds"]?.int ?? Self.defaultSeconds
        guard wished <= Self.maximumSeconds, wished >= Self.minimumSeconds else {
            throw Self.invalid(
                name, "spec.expirationSeconds",
                "Invalid value: \(wished): "
                    + (wished < Self.minimumSeconds
                        ? "may not specify a duration less than 10 minutes"
                        : "may not specify a duration larger than 2^32 seconds"))
        }
        var wanted = request[path: "spec", "audiences"]?.strings ?? []
        if wanted.isEmpty { wanted = audiences }
        let binding = try binding(
            request[path: "spec", "boundObjectRef"], namespace, account: name)
        let isAutomatic = wished == Self.automaticSeconds && binding?.claim == "pod" && wanted == audiences
        let now = clock.now
        let lifetime = isAutomatic ? Self.extendedSeconds : wished
        let claims = claims(
            account, audiences: wanted, binding, from: now, seconds: lifetime,
            warnAfter: isAutomatic ? wished : nil)
        var response = request
        response[path: "spec", "audiences"] = .array(wanted.map(JSONValue.string))
        response[path: "spec", "expirationSeconds"] = .int(wished)
        response["status"] = [
            "token": .string(try key.sign(claims)),
            "expirationTimestamp": .string((now + .seconds(wished)).rfc3339),
        ]
        return response
    }

    private typealias Binding = (claim: String, object: APIObject)

    private func claims(
        _ account: APIObject, audiences: [String], _ binding: Binding?, from now: Timestamp, seconds: Int64,
        warnAfter: Int64?
    ) -> JSONValue {
        var details: JSONObject = ["namespace": .string(account.namespace)]
        if let binding, binding.claim == "pod", let node = node(of: binding.object) {
            details["node"] = Self.reference(node)
        }
        if let binding { details[binding.claim] = Self.reference(binding.object) }
        details["serviceaccount"] = Self.reference(account)
        if let warnAfter { details["warnafter"] = .int(now.seconds + warnAfter) }
        return [
            "aud": .array(audiences.map(JSONValue.string)), "exp": .int(now.seconds + seconds),
            "iat": .int(now.seconds), "iss": .string(issuer), "jti": .string(UID.random()),
            "kubernetes.io": .object(details), "nbf": .int(now.seconds),
            "sub": .string("system:serviceaccount:\(account.namespace):\(account.name)"),
        ]
    }

    private static func reference(_ object: APIObject) -> JSONValue {
        ["name": .string(object.name), "uid": .string(object.uid)]
    }

    private func node(of pod: APIObject) -> APIObject? {
        guard let name = pod[path: "spec", "nodeName"]?.string, !name.isEmpty else { return nil }
        return store.get(ObjectKey(resource: "nodes", name: name)).flatMap { try? APIObject(decoding: $0) }
    }

    private func binding(
        _ reference: JSONValue?, _ namespace: String, account: String
    ) throws -> Binding? {
        guard let reference, !reference.isNull else { return nil }
        let name = reference["name"]?.string ?? ""
        let resource: String
        switch reference["kind"]?.string {
        case "Pod": resource = "pods"
        case "Secret": resource = "secrets"
        case "Node": resource = "nodes"
        default:
            throw APIStatus.badRequest("cannot bind token for this type: \(reference["kind"]?.string ?? "")")
        }
        let key = ObjectKey(
            resource: resource, namespace: resource == "nodes" ? "" : namespace, name: name)
        guard let stored = store.get(key) else { throw APIStatus.notFound(resource, name) }
        let object = try APIObject(decoding: stored)
        if let uid = reference["uid"]?.string, !uid.isEmpty, uid != object.uid {
            throw APIStatus.conflict(
                resource, name,
                "the UID in the bound object reference (\(uid)) does not match the UID in record. The object might have been deleted and then recreated"
            )
        }
        if resource == "pods", object[path: "spec", "serviceAccountName"]?.string ?? "default" != account {
            throw APIStatus.badRequest(
                "cannot bind token for serviceaccount \"\(account)\" to pod running with different serviceaccount name."
            )
        }
        return (String(resource.dropLast()), object)
    }

    private static func invalid(_ name: String, _ field: String, _ message: String) -> APIStatus {
        APIStatus(
            code: 422, reason: .invalid,
            message: "TokenRequest.authentication.k8s.io \"\(name)\" is invalid: \(field): \(message)",
            details: .init(
                name: name, group: "authentication.k8s.io", kind: "TokenRequest",
                causes: [.init(reason: "FieldValueInvalid", message: message, field: field)]))
    }

    // MARK: Documents for others who check tokens

    var keySet: JSONValue { keys.document }

    var discoveryDocument: JSONValue {
        [
            "issuer": .string(issuer), "jwks_uri": .string("\(issuer)/openid/v1/jwks"),
            "response_types_supported": ["id_token"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        ]
    }
}
