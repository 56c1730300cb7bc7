/// The common failures with Kubernetes' wording, which users and tools search for.
extension APIStatus {
    /// `pods "web" not found`; `resource` is plural, with the group behind a dot where there is one.
    public static func notFound(_ resource: String, _ name: String) -> Self {
        failure(404, .notFound, resource, name, "\(resource) \"\(name)\" not found")
    }

    public static func alreadyExists(_ resource: String, _ name: String) -> Self {
        failure(409, .alreadyExists, resource, name, "\(resource) \"\(name)\" already exists")
    }

    public static func conflict(_ resource: String, _ name: String, _ cause: String) -> Self {
        failure(
            409, .conflict, resource, name,
            "Operation cannot be fulfilled on \(resource) \"\(name)\": \(cause)")
    }

    /// A write whose resourceVersion is not the current one.
    public static func modified(_ resource: String, _ name: String) -> Self {
        conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    public static func forbidden(_ resource: String, _ name: String, _ cause: String) -> Self {
        let subject =
            resource.isEmpty ? "forbidden" : "\(resource)\(name.isEmpty ? "" : " \"\(name)\"") is forbidden"
        return failure(403, .forbidden, resource, name, "\(subject): \(cause)")
    }

    public static func badRequest(_ message: String) -> Self {
        Self(code: 400, reason: .badRequest, message: message)
    }

    public static var unauthorized: Self {
        Self(code: 401, reason: .unauthorized, message: "Unauthorized")
    }

    /// A watch or a list that asks for a revision which the history no longer reaches.
    public static func expired(_ message: String) -> Self {
        Self(code: 410, reason: .expired, message: message)
    }

    public static func internalError(_ cause: String) -> Self {
        Self(
            code: 500, reason: .internalError, message: "Internal error occurred: \(cause)",
            details: Details(causes: [Cause(reason: "", message: cause, field: "")]))
    }

    public static func unsupportedMediaType(_ message: String) -> Self {
        Self(code: 415, reason: .unsupportedMediaType, message: message)
    }

    public static func serviceUnavailable(_ message: String) -> Self {
        Self(code: 503, reason: .serviceUnavailable, message: message)
    }

    public static func tooManyRequests(_ message: String, retryAfterSeconds: Int) -> Self {
        Self(
            code: 429, reason: .tooManyRequests, message: message,
            details: Details(retryAfterSeconds: retryAfterSeconds))
    }

    /// Splits `deployments.apps` into the kind and group of the details.
    private static func failure(
        _ code: Int, _ reason: Reason, _ resource: String, _ name: String, _ message: String
    ) -> Self {
        let parts = resource.split(separator: ".", maxSplits: 1)
        return Self(
            code: code, reason: reason, message: message,
            details: Details(
                name: name, group: parts.count > 1 ? String(parts[1]) : "",
                kind: parts.first.map(String.init) ?? ""))
    }
}
