public import EdgeJSON

/// Collects what is wrong with an object.
public struct FieldErrors: Sendable {
    public private(set) var list: [FieldError] = []

    public init() {}

    public var isEmpty: Bool { list.isEmpty }

    public mutating func append(_ error: FieldError) { list.append(error) }

    public mutating func required(_ path: FieldPath, _ detail: String = "") {
        list.append(FieldError(.required, path.description, value: "", detail: detail))
    }

    public mutating func invalid(_ path: FieldPath, _ value: JSONValue, _ detail: String) {
        list.append(FieldError(.invalid, path.description, value: value, detail: detail))
    }

    public mutating func invalid(_ path: FieldPath, _ value: String, _ detail: String) {
        invalid(path, .string(value), detail)
    }

    public mutating func invalid(_ path: FieldPath, _ value: Int, _ detail: String) {
        invalid(path, .int(Int64(value)), detail)
    }

    /// One error for each message of a name rule.
    public mutating func invalid(_ path: FieldPath, _ value: String, _ messages: [String]) {
        for message in messages { invalid(path, value, message) }
    }

    public mutating func invalid(_ path: FieldPath, _ value: Int, _ messages: [String]) {
        for message in messages { invalid(path, value, message) }
    }

    public mutating func notSupported(_ path: FieldPath, _ value: String, _ supported: [String]) {
        let list = supported.map(\.goQuoted).joined(separator: ", ")
        self.list.append(
            FieldError(
                .notSupported, path.description, value: .string(value),
                detail: supported.isEmpty ? "" : "supported values: " + list))
    }

    public mutating func duplicate(_ path: FieldPath, _ value: JSONValue) {
        list.append(FieldError(.duplicate, path.description, value: value))
    }

    public mutating func duplicate(_ path: FieldPath, _ value: String) { duplicate(path, .string(value)) }

    public mutating func notFound(_ path: FieldPath, _ value: String) {
        list.append(FieldError(.notFound, path.description, value: .string(value)))
    }

    public mutating func forbidden(_ path: FieldPath, _ detail: String) {
        list.append(FieldError(.forbidden, path.description, value: "", detail: detail))
    }

    public mutating func tooLong(_ path: FieldPath, maximum: Int) {
        list.append(
            FieldError(
                .tooLong, path.description,
                detail: "may not be more than \(maximum) \(maximum == 1 ? "byte" : "bytes")"))
    }

    public mutating func tooMany(_ path: FieldPath, _ actual: Int, maximum: Int) {
        list.append(
            FieldError(
                .tooMany, path.description, value: .int(Int64(actual)),
                detail: "must have at most \(maximum) \(maximum == 1 ? "item" : "items")"))
    }
}
