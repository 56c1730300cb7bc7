public import EdgeJSON

/// One thing that is wrong with an object: `spec.replicas: Invalid value: -1: must be greater than or
/// equal to 0`.
public struct FieldError: Error, Sendable, Equatable {
    public enum Kind: String, Sendable {
        case notFound = "FieldValueNotFound"
        case required = "FieldValueRequired"
        case duplicate = "FieldValueDuplicate"
        case invalid = "FieldValueInvalid"
        case notSupported = "FieldValueNotSupported"
        case forbidden = "FieldValueForbidden"
        case tooLong = "FieldValueTooLong"
        case tooMany = "FieldValueTooMany"
        case tooFew = "FieldValueTooFew"
        case typeInvalid = "FieldValueTypeInvalid"
        case internalError = "InternalError"
    }

    public let kind: Kind
    public let field: String
    /// The offending value, for those kinds that show it.
    public let value: JSONValue?
    public let detail: String

    public init(_ kind: Kind, _ field: String, value: JSONValue? = nil, detail: String = "") {
        self.kind = kind
        self.field = field
        self.value = value
        self.detail = detail
    }

    /// The message without the field.
    public var body: String {
        var text = kind.title
        switch kind {
        case .required, .forbidden, .tooLong, .internalError: break
        default:
            switch value {
            case nil: break
            case .string(let string): text += ": " + string.goQuoted
            case let value?: text += ": \(value)"
            }
        }
        return detail.isEmpty ? text : "\(text): \(detail)"
    }
}

extension FieldError: CustomStringConvertible {
    public var description: String { "\(field): \(body)" }
}

extension FieldError.Kind {
    var title: String {
        switch self {
        case .notFound: "Not found"
        case .required: "Required value"
        case .duplicate: "Duplicate value"
        case .invalid, .typeInvalid: "Invalid value"
        case .notSupported: "Unsupported value"
        case .forbidden: "Forbidden"
        case .tooLong: "Too long"
        case .tooMany: "Too many"
        case .tooFew: "Too few"
        case .internalError: "Internal error"
        }
    }
}

extension String {
    /// The text in double quotes with the escapes of Go's `%q`, which Kubernetes' messages use.
    public var goQuoted: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case "\u{7}": text += "\\a"
            case "\u{8}": text += "\\b"
            case "\u{b}": text += "\\v"
            case "\u{c}": text += "\\f"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                text += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
