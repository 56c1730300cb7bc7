extension CELValue {
    /// The value in error texts such as `no such key: 5`.
    public var plainText: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .uint(let value): String(value)
        case .double(let value): GoNumber.shortest(value)
        case .string(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .timestamp(let time): time.rfc3339
        case .duration(let duration): duration.secondsText
        case .list(let list): "[" + list.values.map(\.plainText).joined(separator: ", ") + "]"
        case .map(let map):
            "{" + map.keys.map { "\($0.plainText): \(map.find($0)?.plainText ?? "")" }.joined(separator: ", ")
                + "}"
        case .optional(let inner): inner.map { "optional(\($0.plainText))" } ?? "optional.none()"
        case .type(let type): type.name
        case .opaque(let value): value.text
        }
    }

    /// Whether this is what `optional.ofNonZeroValue` takes for nothing.
    var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .double(let value): value == 0
        case .string(let text): text.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .timestamp(let time): time == CELTimestamp(seconds: -62_135_596_800, nanoseconds: 0)
        case .duration(let duration): duration.nanoseconds == 0
        case .list(let list): list.count == 0
        case .map(let map): map.count == 0
        case .optional(let inner): inner == nil
        case .type, .opaque: false
        }
    }
}
