public import EdgeJSON

/// A failure as the API reports it: Kubernetes' `metav1.Status` with `status: Failure`.
public struct APIStatus: Error, Sendable, Equatable {
    /// The HTTP status code.
    public var code: Int
    public var reason: Reason
    public var message: String
    public var details: Details?

    public init(code: Int, reason: Reason, message: String, details: Details? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// The machine-readable reasons of `metav1.StatusReason`; others appear as they are.
    public struct Reason: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public init(stringLiteral value: String) { rawValue = value }

        public static let unauthorized: Self = "Unauthorized"
        public static let forbidden: Self = "Forbidden"
        public static let notFound: Self = "NotFound"
        public static let alreadyExists: Self = "AlreadyExists"
        public static let conflict: Self = "Conflict"
        public static let gone: Self = "Gone"
        public static let expired: Self = "Expired"
        public static let invalid: Self = "Invalid"
        public static let badRequest: Self = "BadRequest"
        public static let methodNotAllowed: Self = "MethodNotAllowed"
        public static let notAcceptable: Self = "NotAcceptable"
        public static let requestEntityTooLarge: Self = "RequestEntityTooLarge"
        public static let unsupportedMediaType: Self = "UnsupportedMediaType"
        public static let internalError: Self = "InternalError"
        public static let timeout: Self = "Timeout"
        public static let serverTimeout: Self = "ServerTimeout"
        public static let tooManyRequests: Self = "TooManyRequests"
        public static let serviceUnavailable: Self = "ServiceUnavailable"
    }

    /// What failed: `metav1.StatusDetails`.
    public struct Details: Sendable, Equatable {
        public var name: String
        public var group: String
        public var kind: String
        public var uid: String
        public var causes: [Cause]
        public var retryAfterSeconds: Int

        public init(
            name: String = "", group: String = "", kind: String = "", uid: String = "", causes: [Cause] = [],
            retryAfterSeconds: Int = 0
        ) {
            self.name = name
            self.group = group
            self.kind = kind
            self.uid = uid
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    /// One cause of a failure: `metav1.StatusCause`; `field` is a path such as `spec.containers[0].image`.
    public struct Cause: Sendable, Equatable {
        public var reason: String
        public var message: String
        public var field: String

        public init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }
}

extension APIStatus: CustomStringConvertible {
    public var description: String { message }
}

extension APIStatus {
    /// The object as it is sent.
    public var value: JSONValue {
        var object: JSONObject = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(message), "reason": .string(reason.rawValue),
        ]
        if let details { object["details"] = details.value }
        object["code"] = .int(Int64(code))
        return .object(object)
    }

    /// Reads a Status that a server sent; nil for anything that is none, or one that tells success.
    public init?(_ value: JSONValue) {
        guard value["kind"]?.string == "Status", value["status"]?.string != "Success" else { return nil }
        code = Int(value["code"]?.int ?? 500)
        reason = Reason(rawValue: value["reason"]?.string ?? "")
        message = value["message"]?.string ?? ""
        details = value["details"].map(Details.init)
    }
}

extension APIStatus.Details {
    var value: JSONValue {
        var object = JSONObject()
        if !name.isEmpty { object["name"] = .string(name) }
        if !group.isEmpty { object["group"] = .string(group) }
        if !kind.isEmpty { object["kind"] = .string(kind) }
        if !uid.isEmpty { object["uid"] = .string(uid) }
        if !causes.isEmpty {
            object["causes"] = .array(
                causes.map { cause in
                    var object: JSONObject = [
                        "reason": .string(cause.reason), "message": .string(cause.message),
                    ]
                    if !cause.field.isEmpty { object["field"] = .string(cause.field) }
                    return .object(object)
                })
        }
        if retryAfterSeconds > 0 { object["retryAfterSeconds"] = .int(Int64(retryAfterSeconds)) }
        return .object(object)
    }

    init(_ value: JSONValue) {
        name = value["name"]?.string ?? ""
        group = value["group"]?.string ?? ""
        kind = value["kind"]?.string ?? ""
        uid = value["uid"]?.string ?? ""
        causes = (value["causes"]?.array ?? []).map {
            APIStatus.Cause(
                reason: $0["reason"]?.string ?? "", message: $0["message"]?.string ?? "",
                field: $0["field"]?.string ?? "")
        }
        retryAfterSeconds = Int(value["retryAfterSeconds"]?.int ?? 0)
    }
}
