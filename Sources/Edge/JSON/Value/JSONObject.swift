/// The members of a JSON object in their order. Objects of the API are small, so a member is found by
/// going through an array: faster than hashing below some thirty members, and it keeps the order.
public struct JSONObject: Sendable {
    public struct Member: Sendable {
        public let key: String
        public var value: JSONValue

        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    public private(set) var members: [Member]

    public init() {
        members = []
    }

    /// Takes the members as they are: the caller guarantees that no key stands twice.
    public init(uniqueMembers members: [Member]) {
        self.members = members
    }

    /// From pairs; of a repeated key the last one counts.
    public init(_ pairs: some Sequence<(String, JSONValue)>) {
        members = []
        for (key, value) in pairs { self[key] = value }
    }

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }
    public var keys: some Sequence<String> { members.lazy.map(\.key) }

    public subscript(key: String) -> JSONValue? {
        get {
            for member in members where member.key == key { return member.value }
            return nil
        }
        set {
            if let index = members.firstIndex(where: { $0.key == key }) {
                if let newValue {
                    members[index].value = newValue
                } else {
                    members.remove(at: index)
                }
            } else if let newValue {
                members.append(Member(key, newValue))
            }
        }
    }

    /// Puts a member in front, as `apiVersion` and `kind` stand.
    public mutating func prepend(_ key: String, _ value: JSONValue) {
        self[key] = nil
        members.insert(Member(key, value), at: 0)
    }

    public mutating func append(_ member: Member) {
        self[member.key] = member.value
    }

    /// Removes and returns a member.
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        return members.remove(at: index).value
    }

    public mutating func removeAll(where shouldRemove: (Member) -> Bool) {
        members.removeAll(where: shouldRemove)
    }

    /// Brings the members into another order.
    public mutating func sort(by areInIncreasingOrder: (Member, Member) -> Bool) {
        members.sort(by: areInIncreasingOrder)
    }

    /// Changes each value in place.
    public mutating func updateValues(_ body: (String, inout JSONValue) throws -> Void) rethrows {
        for index in members.indices {
            var value = members[index].value
            members[index].value = .null
            defer { members[index].value = value }
            try body(members[index].key, &value)
        }
    }
}

extension JSONObject: Equatable {
    /// The order of members does not count.
    public static func == (left: Self, right: Self) -> Bool {
        guard left.members.count == right.members.count else { return false }
        for (index, member) in left.members.enumerated() {
            // The same place first: objects that come from one writer have one order.
            if right.members[index].key == member.key {
                guard right.members[index].value == member.value else { return false }
            } else {
                guard right[member.key] == member.value else { return false }
            }
        }
        return true
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral, Sequence {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements)
    }

    public func makeIterator() -> IndexingIterator<[Member]> {
        members.makeIterator()
    }
}
