/// An object that is changed member by member. Once it has many members they are found by hashing, so that
/// a patch of a hundred thousand members costs no quadratic time.
public struct IndexedObject {
    private static let threshold = 32
    /// Removed members leave a hole, so that places stay.
    private var members: [JSONObject.Member?]
    private var places: [String: Int] = [:]

    public init(_ object: JSONObject = JSONObject()) {
        members = object.members
        if members.count > Self.threshold { index() }
    }

    private mutating func index() {
        places.reserveCapacity(members.count)
        for (place, member) in members.enumerated() {
            if let member { places[member.key] = place }
        }
    }

    private func place(of key: String) -> Int? {
        members.count > Self.threshold ? places[key] : members.firstIndex { $0?.key == key }
    }

    public subscript(key: String) -> JSONValue? {
        get { place(of: key).flatMap { members[$0]?.value } }
        set {
            if let place = place(of: key) {
                members[place] = newValue.map { JSONObject.Member(key, $0) }
                if newValue == nil { places[key] = nil }
            } else if let newValue {
                members.append(.init(key, newValue))
                if members.count == Self.threshold + 1 {
                    index()
                } else if members.count > Self.threshold {
                    places[key] = members.count - 1
                }
            }
        }
    }

    /// Leaves only the members for which `isKept` is true.
    public mutating func keep(where isKept: (String) -> Bool) {
        for place in members.indices {
            guard let key = members[place]?.key, !isKept(key) else { continue }
            members[place] = nil
            places[key] = nil
        }
    }

    public var object: JSONObject { JSONObject(uniqueMembers: members.compactMap(\.self)) }
}
