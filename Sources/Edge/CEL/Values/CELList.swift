public import EdgeJSON

/// A list: JSON that is converted element by element, or values.
public struct CELList: Sendable {
    enum Storage: Sendable {
        case json([JSONValue], CELSchema?)
        case values([CELValue])
    }

    var storage: Storage
    /// How a schema wants the list compared and added.
    public let kind: CELListKind

    public init(_ values: [CELValue]) {
        storage = .values(values)
        kind = .atomic
    }

    init(_ values: [CELValue], kind: CELListKind) {
        storage = .values(values)
        self.kind = kind
    }

    /// A list of JSON; `element` says how its items are read.
    public init(json: [JSONValue], element: CELSchema?, kind: CELListKind = .atomic) {
        storage = .json(json, element)
        self.kind = kind
    }

    public var count: Int {
        switch storage {
        case .json(let items, _): items.count
        case .values(let values): values.count
        }
    }

    public subscript(index: Int) -> CELValue {
        switch storage {
        case .json(let items, let schema): CELValue(json: items[index], schema: schema)
        case .values(let values): values[index]
        }
    }

    public var values: [CELValue] {
        switch storage {
        case .json(let items, let schema): items.map { CELValue(json: $0, schema: schema) }
        case .values(let values): values
        }
    }

    mutating func append(_ value: CELValue) {
        var values = self.values
        storage = .values([])
        values.append(value)
        storage = .values(values)
    }

    func contains(_ value: CELValue) -> Bool {
        for index in 0..<count where self[index].equals(value) { return true }
        return false
    }
}

extension CELList {
    /// `+` by the kind of the left list.
    static func + (left: CELList, right: CELList) -> CELList {
        switch left.kind {
        case .atomic: return CELList(left.values + right.values)
        case .set:
            var values = left.values
            var known = ValueSet(values)
            for value in right.values where known.insert(value) { values.append(value) }
            return CELList(values, kind: left.kind)
        case .map(let keys):
            var values = left.values
            var places = Self.places(of: values, keys)
            for value in right.values {
                if let key = MapElementKey(value, keys) {
                    if let place = places[key] {
                        values[place] = value
                        continue
                    }
                    places[key] = values.count
                }
                values.append(value)
            }
            return CELList(values, kind: left.kind)
        }
    }

    private static func places(of values: [CELValue], _ keys: [String]) -> [MapElementKey: Int] {
        var places: [MapElementKey: Int] = [:]
        for (place, value) in values.enumerated() {
            if let key = MapElementKey(value, keys), places[key] == nil { places[key] = place }
        }
        return places
    }

    /// Whether both hold the same; for sets and maps in any order.
    func equals(_ other: CELList) -> Bool {
        guard count == other.count else { return false }
        switch kind {
        case .atomic:
            for index in 0..<count where !self[index].equals(other[index]) { return false }
            return true
        case .set:
            let (values, others) = (values, other.values)
            let (mine, theirs) = (ValueSet(values), ValueSet(others))
            return values.allSatisfy(theirs.contains) && others.allSatisfy(mine.contains)
        case .map(let keys):
            let others = other.values
            let places = Self.places(of: others, keys)
            return values.allSatisfy { value in
                guard let key = MapElementKey(value, keys), let place = places[key] else { return false }
                return others[place].equals(value)
            }
        }
    }
}

/// The values of a list element's keys.
struct MapElementKey: Hashable {
    private let parts: [CELKey?]

    /// Nil for an element that is no object.
    init?(_ element: CELValue, _ keys: [String]) {
        guard case .map(let map) = element else { return nil }
        parts = keys.map { key in map.jsonField(key).flatMap(CELKey.init) }
    }
}
