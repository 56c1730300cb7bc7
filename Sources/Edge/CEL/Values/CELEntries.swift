/// A key of a map. Numbers that are equal are one key, whatever their types.
enum CELKey: Hashable {
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(ExactText)

    init?(_ value: CELValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = Int64(exactly: value).map { .int($0) } ?? .uint(value)
        case .double(let value):
            self =
                Int64(exactly: value).map { .int($0) } ?? UInt64(exactly: value).map { .uint($0) }
                ?? .double(value)
        case .string(let text): self = .string(ExactText(text))
        default: return nil
        }
    }
}

/// A text that equals another only if their code points do. Swift's own strings are equal when they are
/// canonically equivalent, which CEL does not know.
struct ExactText: Hashable {
    let text: String
    init(_ text: String) { self.text = text }

    static func == (left: Self, right: Self) -> Bool { left.text.hasSameScalars(as: right.text) }
    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension String {
    func hasSameScalars(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

/// Keys and values in the order in which they were put.
struct CELEntries: Sendable {
    private(set) var keys: [CELValue] = []
    private(set) var values: [CELValue] = []
    private var places: [CELKey: Int] = [:]

    var count: Int { keys.count }

    subscript(key: CELValue) -> CELValue? {
        guard let key = CELKey(key), let place = places[key] else { return nil }
        return values[place]
    }

    /// False for a value that cannot be a key.
    @discardableResult
    mutating func set(_ key: CELValue, _ value: CELValue) -> Bool {
        guard let place = CELKey(key) else { return false }
        if let index = places[place] {
            values[index] = value
        } else {
            places[place] = keys.count
            keys.append(key)
            values.append(value)
        }
        return true
    }
}

extension CELKey: Sendable {}
extension ExactText: Sendable {}
