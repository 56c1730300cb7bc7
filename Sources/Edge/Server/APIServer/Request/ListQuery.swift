public import EdgeAPI
internal import EdgeBase

/// The options of a LIST or WATCH as the client gave them, checked.
public struct ListQuery: Sendable {
    /// How the revision is to be understood, by Kubernetes' `resourceVersionMatch` rules.
    public enum Revision: Sendable, Equatable {
        /// The newest state.
        case newest
        /// Any state will do (`resourceVersion=0`).
        case any
        case notOlderThan(UInt64)
        case exact(UInt64)
    }

    public var labels = LabelSelector.everything
    public var fields = FieldSelector.everything
    public var revision = Revision.newest
    public var limit: Int?
    public var continueToken: ContinueToken?
    public var isWatch = false
    public var allowsBookmarks = false
    public var sendsInitialEvents = false
    public var timeoutSeconds: Int?

    public init() {}

    /// - Parameter value: the first value of a query parameter.
    public init(resource: ResourceDefinition, _ value: (String) -> String?) throws {
        isWatch = Self.flag(value("watch"))
        allowsBookmarks = Self.flag(value("allowWatchBookmarks"))
        do {
            if let text = value("labelSelector"), !text.isEmpty { labels = try LabelSelector(parsing: text) }
            if let text = value("fieldSelector"), !text.isEmpty {
                fields = try FieldSelector(parsing: text)
                try fields.check(resource: resource)
            }
        } catch {
            throw APIStatus.badRequest("\(error)")
        }
        limit = try Self.number("limit", value("limit")).flatMap { $0 > 0 ? $0 : nil }
        timeoutSeconds = try Self.number("timeoutSeconds", value("timeoutSeconds"))
        if let text = value("continue"), !text.isEmpty { continueToken = try ContinueToken(text) }
        revision = try Self.revision(
            value("resourceVersion") ?? "", match: value("resourceVersionMatch") ?? "")
        try readInitialEvents(value)
    }

    private mutating func readInitialEvents(_ value: (String) -> String?) throws {
        guard let text = value("sendInitialEvents") else { return }
        guard isWatch else {
            throw APIStatus.invalidOptions("sendInitialEvents", "sendInitialEvents is forbidden for list")
        }
        guard value("resourceVersionMatch") == "NotOlderThan" else {
            throw APIStatus.invalidOptions(
                "resourceVersionMatch",
                "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
        }
        if Self.flag(text) { sendsInitialEvents = true }
    }

    private static func revision(_ text: String, match: String) throws -> Revision {
        guard !text.isEmpty else { return .newest }
        guard let number = UInt64(text) else {
            throw APIStatus.badRequest("Invalid value: \"\(text)\": resourceVersion must be a number")
        }
        switch match {
        case "": return number == 0 ? .any : .notOlderThan(number)
        case "NotOlderThan": return number == 0 ? .any : .notOlderThan(number)
        case "Exact":
            guard number > 0 else {
                throw APIStatus.invalidOptions(
                    "resourceVersionMatch",
                    "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"")
            }
            return .exact(number)
        default:
            throw APIStatus.invalidOptions(
                "resourceVersionMatch", "supported values: \"Exact\", \"NotOlderThan\"")
        }
    }

    private static func flag(_ text: String?) -> Bool {
        guard let text else { return false }
        return text.isEmpty || text == "1" || text.lowercased() == "true"
    }

    private static func number(_ name: String, _ text: String?) throws -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw APIStatus.badRequest("\(name) must be a number that is not negative, not \"\(text)\"")
        }
        return number
    }
}

extension APIStatus {
    /// A failure of ListOptions, as Kubernetes words it.
    static func invalidOptions(_ field: String, _ cause: String) -> Self {
        APIStatus(
            code: 422, reason: .invalid,
            message: "ListOptions.meta.k8s.io \"\" is invalid: \(field): Forbidden: \(cause)",
            details: Details(
                group: "meta.k8s.io", kind: "ListOptions",
                causes: [Cause(reason: "FieldValueForbidden", message: "Forbidden: \(cause)", field: field)]))
    }
}
