/// A value at runtime. JSON stays JSON: lists and maps wrap it and convert an element when it is asked for.
public enum CELValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case timestamp(CELTimestamp)
    case duration(CELDuration)
    indirect case list(CELList)
    indirect case map(CELMap)
    indirect case optional(CELValue?)
    case type(CELType)
    indirect case opaque(any CELOpaqueValue)

    /// The type at runtime; elements of lists and maps are not looked at.
    public var type: CELType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .list: .list(.dyn)
        case .map(let map): map.objectType.map(CELType.object) ?? .map(.dyn, .dyn)
        case .optional: .optional(.dyn)
        case .type: .type(nil)
        case .opaque(let value): value.type
        }
    }

    /// What `size` says of strings (code points), bytes, lists and maps; 1 for everything else: the unit of
    /// cost accounting.
    var costSize: UInt64 {
        switch self {
        case .string(let text): UInt64(text.unicodeScalars.count)
        case .bytes(let bytes): UInt64(bytes.count)
        case .list(let list): UInt64(list.count)
        case .map(let map): UInt64(map.count)
        case .optional(let inner?): inner.costSize
        case .opaque(let value): value.costSize
        default: 1
        }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }
}

/// A value of a library's own type.
public protocol CELOpaqueValue: Sendable {
    var type: CELType { get }
    /// 1 but for values that have a size.
    var costSize: UInt64 { get }
    func equals(_ other: any CELOpaqueValue) -> Bool
    /// The value in error texts.
    var text: String { get }
}

extension CELOpaqueValue {
    public var costSize: UInt64 { 1 }
}
