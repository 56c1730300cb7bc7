internal import EdgeJSON

/// What distinguishes two versions of an object, in fields.
struct ObjectComparison {
    private(set) var added: FieldSet
    private(set) var modified: FieldSet
    private(set) var removed: FieldSet

    init(_ old: JSONObject, _ new: JSONObject, type: MergeType, _ schema: Schema) {
        var walker = ComparisonWalker(schema)
        _ = walker.compare(.object(old), .object(new), type)
        added = FieldSet(walker.added)
        modified = FieldSet(walker.modified)
        removed = FieldSet(walker.removed)
    }

    /// Fields that the new version sets.
    var changed: FieldSet { added.union(modified) }

    /// Reduced to some fields.
    func filtered(_ filter: (FieldSet) -> FieldSet) -> ObjectComparison {
        var result = self
        result.added = filter(added)
        result.modified = filter(modified)
        result.removed = filter(removed)
        return result
    }
}

/// Compares two trees of one type. Paths are made on the way back, and only where something differs: equal
/// parts cost one comparison of their values.
private struct ComparisonWalker {
    enum Change {
        case none, added, modified, removed
    }

    private let schema: Schema
    var added: [FieldSet.Node] = []
    var modified: [FieldSet.Node] = []
    var removed: [FieldSet.Node] = []

    init(_ schema: Schema) {
        self.schema = schema
    }

    private var isEmpty: Bool { added.isEmpty && modified.isEmpty && removed.isEmpty }

    /// Collects what differs below two values, of which at most one is absent; returns what became of the
    /// value itself.
    mutating func compare(_ old: JSONValue?, _ new: JSONValue?, _ type: MergeType) -> Change {
        if let old, let new, old == new { return .none }
        switch type.resolved(old, new) {
        case .leaf: return leaf(old, new)
        case .object:
            if old.isEmptyForMerge, new.isEmptyForMerge { return leaf(old, new) }
            compareMembers(old?.object ?? JSONObject(), new?.object ?? JSONObject(), type)
        case .array:
            if old.isEmptyForMerge, new.isEmptyForMerge { return leaf(old, new) }
            guard compareElements(old?.array ?? [], new?.array ?? [], type) else { return leaf(old, new) }
        }
        return old == nil ? .added : new == nil ? .removed : .none
    }

    private func leaf(_ old: JSONValue?, _ new: JSONValue?) -> Change {
        old == nil ? .added : new == nil ? .removed : .modified
    }

    private mutating func compareMembers(_ old: JSONObject, _ new: JSONObject, _ type: MergeType) {
        var places = new.members.count == 0 ? [] : [Bool](repeating: false, count: new.members.count)
        var hint = 0
        for member in old.members {
            let place = Self.place(of: member.key, in: new.members, &hint)
            if let place { places[place] = true }
            compareMember(member.key, member.value, place.map { new.members[$0].value }, type)
        }
        for (place, member) in new.members.enumerated() where !places[place] {
            compareMember(member.key, nil, member.value, type)
        }
        added = added.sortedByElement
        modified = modified.sortedByElement
        removed = removed.sortedByElement
    }

    /// Where a member stands; both versions come from one writer, so that it is mostly the next one.
    private static func place(of key: String, in members: [JSONObject.Member], _ hint: inout Int) -> Int? {
        if hint < members.count, members[hint].key == key {
            hint += 1
            return hint - 1
        }
        guard let place = members.firstIndex(where: { $0.key == key }) else { return nil }
        hint = place + 1
        return place
    }

    private mutating func compareMember(
        _ key: String, _ old: JSONValue?, _ new: JSONValue?, _ type: MergeType
    ) {
        if let old, let new, old == new { return }
        guard let (memberType, _) = type.member(key, schema) else { return }
        compareChild(old, new, memberType) { PathElement.member(key) }
    }

    private mutating func compareChild(
        _ old: JSONValue?, _ new: JSONValue?, _ type: MergeType, _ element: () -> String
    ) {
        var child = ComparisonWalker(schema)
        let change = child.compare(old, new, type)
        guard change != .none || !child.isEmpty else { return }
        let element = element()
        Self.append(element, change == .added, child.added, to: &added)
        Self.append(element, change == .modified, child.modified, to: &modified)
        Self.append(element, change == .removed, child.removed, to: &removed)
    }

    private static func append(
        _ element: String, _ isMember: Bool, _ children: [FieldSet.Node], to nodes: inout [FieldSet.Node]
    ) {
        guard isMember || !children.isEmpty else { return }
        nodes.append(.init(element, isMember: isMember, children: children))
    }

    // MARK: Lists

    /// False when an element has no identity, so that the list counts as a whole.
    private mutating func compareElements(
        _ old: [JSONValue], _ new: [JSONValue], _ type: MergeType
    ) -> Bool {
        let elementType = type.elementType(schema)
        if Self.haveSameKeys(old, new, type) {
            for (old, new) in zip(old, new) where old != new {
                compareChild(old, new, elementType) { type.element(of: new) ?? "" }
            }
        } else {
            guard let before = Self.grouped(old, type), let after = Self.grouped(new, type) else {
                return false
            }
            for (element, values) in before.values {
                compareGroup(element, values, after.values[element] ?? [], elementType)
            }
            for (element, values) in after.values where before.values[element] == nil {
                compareGroup(element, [], values, elementType)
            }
        }
        added = added.sortedByElement
        modified = modified.sortedByElement
        removed = removed.sortedByElement
        return true
    }

    /// The elements of one identity, of which there should be one.
    private mutating func compareGroup(
        _ element: String, _ old: [JSONValue], _ new: [JSONValue], _ type: MergeType
    ) {
        switch (old.count > 1, new.count > 1) {
        case (false, false): compareChild(old.first, new.first, type) { element }
        case (true, true):
            if old != new { modified.append(.init(element, isMember: true)) }
        case (true, false):
            if let only = new.first { compareChild(nil, only, type) { element } }
            removed.append(.init(element, isMember: true))
        case (false, true):
            if let only = old.first { compareChild(only, nil, type) { element } }
            added.append(.init(element, isMember: true))
        }
    }

    /// Whether both lists have elements of the same keys in the same order: the usual case, in which no
    /// identity has to be written down. Only for keyed lists whose keys do not repeat.
    private static func haveSameKeys(_ old: [JSONValue], _ new: [JSONValue], _ type: MergeType) -> Bool {
        guard case .list(let keys, _) = type, old.count == new.count, old.count <= 16 else { return false }
        for (index, (before, after)) in zip(old, new).enumerated() {
            for key in keys where before[key] != after[key] { return false }
            for other in old[..<index] where keys.allSatisfy({ other[$0] == before[$0] }) { return false }
            if before.object == nil || keys.allSatisfy({ before[$0] == nil }) { return false }
        }
        return true
    }

    private static func grouped(_ list: [JSONValue], _ type: MergeType) -> GroupedElements? {
        var groups = GroupedElements()
        for value in list {
            guard let element = type.element(of: value) else { return nil }
            groups.values[element, default: []].append(value)
        }
        return groups
    }

    private struct GroupedElements {
        var values: [String: [JSONValue]] = [:]
    }
}
