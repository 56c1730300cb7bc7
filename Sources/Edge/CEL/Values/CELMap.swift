public import EdgeJSON

/// Fields that are computed when they are asked for, as the `variables` of an admission policy.
public protocol CELLazyFields: Sendable {
    /// Nil for a field that there is not; throws what computing it throws.
    func field(_ name: String, remainingCost: UInt64) throws(CELEvaluationError) -> (
        value: CELValue, cost: UInt64
    )?
    var names: [String] { get }
}

/// A map or an object: JSON that is converted member by member, or values.
public struct CELMap: Sendable {
    enum Storage: Sendable {
        /// A JSON object read as a map from strings.
        case json(JSONObject, CELSchema?)
        /// A JSON object whose fields have types of their own.
        case object(JSONObject, CELObjectType)
        case entries(CELEntries)
        /// An object made by an expression.
        case made(CELEntries, CELObjectType)
        case lazy(any CELLazyFields, CELObjectType)
    }

    var storage: Storage

    init(_ entries: CELEntries) { storage = .entries(entries) }

    init(_ entries: CELEntries, type: CELObjectType) { storage = .made(entries, type) }

    /// Of repeated keys the last one counts; keys that no map can have are left out.
    public init(_ pairs: [(CELValue, CELValue)]) {
        var entries = CELEntries()
        for (key, value) in pairs { entries.set(key, value) }
        storage = .entries(entries)
    }

    /// A JSON object as a map from strings; `element` says how its values are read.
    public init(json: JSONObject, element: CELSchema?) { storage = .json(json, element) }

    public init(json: JSONObject, type: CELObjectType) { storage = .object(json, type) }

    public init(lazy fields: any CELLazyFields, type: CELObjectType) { storage = .lazy(fields, type) }

    /// The type where this is an object with fields, not a map.
    public var objectType: CELObjectType? {
        switch storage {
        case .json, .entries: nil
        case .object(_, let type), .made(_, let type), .lazy(_, let type): type
        }
    }

    public var count: Int {
        switch storage {
        case .json(let object, _), .object(let object, _): object.count
        case .entries(let entries), .made(let entries, _): entries.count
        case .lazy(let fields, _): fields.names.count
        }
    }

    /// The value of a key or a field; nil where there is none. Lazy fields are not looked at.
    public func find(_ key: CELValue) -> CELValue? {
        switch storage {
        case .entries(let entries), .made(let entries, _): return entries[key]
        case .json(let object, let schema):
            guard case .string(let name) = key, let value = object[name] else { return nil }
            return CELValue(json: value, schema: schema)
        case .object(let object, let type):
            guard case .string(let name) = key else { return nil }
            let field = type.fields[name]
            guard let value = object[field?.jsonName ?? name] else { return nil }
            return CELValue(json: value, schema: field?.schema)
        case .lazy: return nil
        }
    }

    func contains(_ key: CELValue) -> Bool {
        switch storage {
        case .entries(let entries), .made(let entries, _): entries[key] != nil
        case .json(let object, _): key.string.map { object[$0] != nil } ?? false
        case .object(let object, let type):
            key.string.map { object[type.fields[$0]?.jsonName ?? $0] != nil } ?? false
        case .lazy(let fields, _): key.string.map(fields.names.contains) ?? false
        }
    }

    public var keys: [CELValue] {
        switch storage {
        case .json(let object, _): object.members.map { .string($0.key) }
        case .object(let object, _): object.members.map { .string(CELFieldName.escaped($0.key) ?? $0.key) }
        case .entries(let entries), .made(let entries, _): entries.keys
        case .lazy(let fields, _): fields.names.map { .string($0) }
        }
    }

    /// A field by its name in JSON.
    func jsonField(_ name: String) -> CELValue? {
        switch storage {
        case .json(let object, _), .object(let object, _):
            object[name].map { CELValue(json: $0, schema: nil) }
        case .entries(let entries), .made(let entries, _): entries[.string(name)]
        case .lazy: nil
        }
    }

    /// From so many members on, going through them for each key costs more than hashing them.
    private static let hashingThreshold = 32

    /// The map with its values by hashed keys.
    private var indexed: CELMap {
        var entries = CELEntries()
        switch storage {
        case .json(let object, let schema):
            for member in object {
                entries.set(.string(member.key), CELValue(json: member.value, schema: schema))
            }
        case .object(let object, let type):
            for member in object {
                let name = CELFieldName.escaped(member.key) ?? member.key
                entries.set(.string(name), CELValue(json: member.value, schema: type.fields[name]?.schema))
            }
        case .entries, .made, .lazy: return self
        }
        return CELMap(entries)
    }

    func equals(_ other: CELMap) -> Bool {
        guard count == other.count else { return false }
        let isLarge = count > Self.hashingThreshold
        let (mine, other) = isLarge ? (indexed, other.indexed) : (self, other)
        for key in mine.keys {
            guard let left = mine.find(key), let right = other.find(key), left.equals(right) else {
                return false
            }
        }
        return true
    }
}
