internal import EdgeAPI
internal import EdgeJSON

/// One question to an admission webhook, and how its answer is to be read.
struct AdmissionReview {
    let request: JSONValue
    private let uid: String
    private let version: String

    /// - Parameters:
    ///   - version: the version of the resource that the webhook sees.
    ///   - object: in that version.
    init(
        _ versions: [String], uid: String, _ attributes: WebhookAttributes, in version: ResourceDefinition,
        object: APIObject?, old: APIObject?
    ) throws(OutboundFailure) {
        guard let understood = versions.first(where: { $0 == "v1" || $0 == "v1beta1" }) else {
            throw OutboundFailure("webhook does not accept known AdmissionReview versions (v1, v1beta1)")
        }
        self.version = understood
        self.uid = uid
        var request: JSONObject = [
            "uid": .string(uid), "kind": Self.kind(attributes.kind(in: version)),
            "resource": Self.resource(version),
        ]
        let subresource = attributes.subresource
        if !subresource.isEmpty { request["subResource"] = .string(subresource) }
        request["requestKind"] = Self.kind(attributes.kind(in: attributes.requested))
        request["requestResource"] = Self.resource(attributes.requested)
        if !subresource.isEmpty { request["requestSubResource"] = .string(subresource) }
        if !attributes.name.isEmpty { request["name"] = .string(attributes.name) }
        if !attributes.namespace.isEmpty { request["namespace"] = .string(attributes.namespace) }
        request["operation"] = .string(attributes.operation.rawValue)
        request["userInfo"] = attributes.user.value
        request["object"] = object?.value ?? .null
        request["oldObject"] = old?.value ?? .null
        request["dryRun"] = .bool(attributes.isDryRun)
        request["options"] = attributes.options ?? .null
        self.request = [
            "kind": "AdmissionReview", "apiVersion": .string("admission.k8s.io/\(understood)"),
            "request": .object(request),
        ]
    }

    private static func kind(_ kind: GroupVersionKind) -> JSONValue {
        ["group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind)]
    }

    private static func resource(_ resource: ResourceDefinition) -> JSONValue {
        [
            "group": .string(resource.group), "version": .string(resource.version),
            "resource": .string(resource.resource),
        ]
    }

    /// What a webhook decided.
    struct Verdict {
        var isAllowed = false
        /// A `metav1.Status`; for a denial.
        var status: JSONValue?
        /// A JSON patch as text; nil for none.
        var patch: [UInt8]?
        var warnings: [String] = []
        var annotations: [(key: String, value: String)] = []
    }

    func verdict(_ answer: JSONValue, isMutating: Bool) throws(OutboundFailure) -> Verdict {
        guard let response = answer["response"], !response.isNull else {
            throw OutboundFailure("webhook response was absent")
        }
        if version == "v1" {
            let answered = response["uid"]?.string ?? ""
            guard answered == uid else {
                throw OutboundFailure("expected response.uid=\"\(uid)\", got \"\(answered)\"")
            }
            let kind = answer["kind"]?.string ?? ""
            let apiVersion = answer["apiVersion"]?.string ?? ""
            guard kind == "AdmissionReview", apiVersion == "admission.k8s.io/v1" else {
                throw OutboundFailure(
                    "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got \(apiVersion.isEmpty ? "/" : apiVersion), Kind=\(kind)"
                )
            }
        }
        var verdict = Verdict()
        verdict.isAllowed = response["allowed"]?.bool ?? false
        verdict.status = response["status"]
        verdict.warnings = response["warnings"]?.strings ?? []
        for member in response["auditAnnotations"]?.object ?? JSONObject() {
            if let value = member.value.string { verdict.annotations.append((member.key, value)) }
        }
        if isMutating { verdict.patch = try patch(response) }
        return verdict
    }

    private func patch(_ response: JSONValue) throws(OutboundFailure) -> [UInt8]? {
        let type = response["patchType"]?.string
        let text = response["patch"]?.string ?? ""
        if version == "v1" {
            if !text.isEmpty, type == nil {
                throw OutboundFailure("webhook returned response.patch but not response.patchType")
            }
            if text.isEmpty, type != nil {
                throw OutboundFailure("webhook returned response.patchType but not response.patch")
            }
            if let type, type != "JSONPatch" {
                throw OutboundFailure("invalid value of response.patchType \(type), expected JSONPatch")
            }
        }
        guard !text.isEmpty else { return nil }
        guard let bytes = Base64.decode(text) else {
            throw OutboundFailure("response.patch is not base64")
        }
        return bytes
    }
}

extension AdmissionReview.Verdict {
    /// The failure that a denial is for the client.
    func denial(by webhook: String) -> APIStatus {
        let subject = "admission webhook \(webhook.goQuoted) denied the request"
        let code = Int(status?["code"]?.int ?? 0)
        let reason = status?["reason"]?.string ?? ""
        let message = status?["message"]?.string ?? ""
        let text: String =
            if !message.isEmpty {
                "\(subject): \(message)"
            } else if !reason.isEmpty {
                "\(subject): \(reason)"
            } else {
                "\(subject) without explanation"
            }
        var denial = APIStatus(
            code: code < 400 ? 400 : code, reason: APIStatus.Reason(rawValue: reason), message: text)
        if let details = status?["details"], let read = APIStatus(["kind": "Status", "details": details]) {
            denial.details = read.details
        }
        return denial
    }
}

extension UserInfo {
    /// `authentication.k8s.io/v1` UserInfo.
    var value: JSONValue {
        var object: JSONObject = ["username": .string(name)]
        if !uid.isEmpty { object["uid"] = .string(uid) }
        if !groups.isEmpty { object["groups"] = .array(groups.map(JSONValue.string)) }
        if !extra.isEmpty {
            var values = JSONObject()
            for (key, list) in extra.sorted(by: { $0.key < $1.key }) {
                values[key] = .array(list.map(JSONValue.string))
            }
            object["extra"] = .object(values)
        }
        return .object(object)
    }
}
