public import EdgeJSON

/// A number or a text, as target ports and `maxSurge` may be (Kubernetes' `intstr.IntOrString`).
public enum IntOrString: Sendable, Hashable {
    case int(Int)
    case string(String)

    /// Nil for a value that is neither.
    public init?(_ value: JSONValue?) {
        switch value {
        case .string(let text): self = .string(text)
        case let value?:
            guard let number = value.int else { return nil }
            self = .int(Int(number))
        case nil: return nil
        }
    }

    public var value: JSONValue {
        switch self {
        case .int(let number): .int(Int64(number))
        case .string(let text): .string(text)
        }
    }

    /// The number of `25%`; nil for everything else.
    public var percent: Int? {
        guard case .string(let text) = self, text.utf8.last == UInt8(ascii: "%"),
            let number = Int(text.dropLast())
        else { return nil }
        return number
    }

    /// The number, or the given share of `total` when this is a percentage; nil for any other text.
    /// Rollouts round `maxSurge` up and `maxUnavailable` down.
    public func scaled(of total: Int, roundingUp: Bool) -> Int? {
        switch self {
        case .int(let number): return number
        case .string:
            guard let percent else { return nil }
            let (product, overflow) = percent.multipliedReportingOverflow(by: total)
            guard !overflow else { return nil }
            let quotient = product / 100
            let remainder = product % 100
            if roundingUp { return remainder > 0 ? quotient + 1 : quotient }
            return remainder < 0 ? quotient - 1 : quotient
        }
    }
}

extension IntOrString: CustomStringConvertible {
    public var description: String {
        switch self {
        case .int(let number): String(number)
        case .string(let text): text
        }
    }
}
