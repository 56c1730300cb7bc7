internal import EdgeJSON

/// Computes strategic merge patches.
struct StrategicDiffer {
    struct Options: OptionSet {
        let rawValue: Int
        /// Put what was added or changed into the patch.
        static let additions = Options(rawValue: 1)
        /// Put what is gone into the patch.
        static let deletions = Options(rawValue: 2)
    }

    private let schema: Schema
    private let options: Options

    init(_ schema: Schema, _ options: Options) {
        self.schema = schema
        self.options = options
    }

    func difference(
        _ original: JSONObject, _ modified: JSONObject, _ context: MergeContext, retainsKeys: Bool = false
    ) throws(StrategicMergeError) -> JSONObject {
        var patch: [JSONObject.Member] = []
        let (before, after) = (IndexedObject(original), IndexedObject(modified))
        for member in modified.members {
            guard let old = before[member.key], old.goName == member.value.goName else {
                if options.contains(.additions) { patch.append(member) }
                continue
            }
            switch (old, member.value) {
            case (.object(let oldObject), .object(let newObject)):
                try diffObjects(member.key, oldObject, newObject, context, &patch)
            case (.array(let oldElements), .array(let newElements)):
                try diffLists(member.key, oldElements, newElements, context, &patch)
            default:
                if options.contains(.additions), old != member.value { patch.append(member) }
            }
        }
        let gone = original.members.filter { after[$0.key] == nil }
        if options.contains(.deletions) {
            patch += gone.map { .init($0.key, .null) }
        }
        if retainsKeys, !patch.isEmpty || gone.contains(where: { !$0.value.isNull }) {
            let keys = modified.members.filter { !$0.value.isNull }.map(\.key).sorted()
            if !keys.isEmpty {
                patch.append(.init(PatchDirective.retainKeys, .array(keys.map(JSONValue.string))))
            }
        }
        return JSONObject(uniqueMembers: patch)
    }

    private func diffObjects(
        _ key: String, _ original: JSONObject, _ modified: JSONObject, _ context: MergeContext,
        _ patch: inout [JSONObject.Member]
    ) throws(StrategicMergeError) {
        let member = schema.member(key, of: context)
        if member.strategy == .replace {
            if options.contains(.additions), original != modified {
                patch.append(.init(key, .object(modified)))
            }
            return
        }
        let inner = try difference(original, modified, member.context, retainsKeys: member.retainsKeys)
        if !inner.isEmpty { patch.append(.init(key, .object(inner))) }
    }

    private func diffLists(
        _ key: String, _ original: [JSONValue], _ modified: [JSONValue], _ context: MergeContext,
        _ patch: inout [JSONObject.Member]
    ) throws(StrategicMergeError) {
        let member = schema.member(key, of: context)
        guard member.strategy == .merge else {
            if options.contains(.additions), original != modified {
                patch.append(.init(key, .array(modified)))
            }
            return
        }
        if original.isEmpty {
            if options.contains(.additions), !modified.isEmpty { patch.append(.init(key, .array(modified))) }
            return
        }
        guard let kind = try MergeList.kind(of: original, modified) else { return }
        let list = MergeList(kind: kind, mergeKey: member.mergeKey)
        switch kind {
        case .scalars: try diffScalars(key, original, modified, list, &patch)
        case .objects: try diffElements(key, original, modified, list, member, &patch)
        }
    }

    private func diffScalars(
        _ key: String, _ original: [JSONValue], _ modified: [JSONValue], _ list: MergeList,
        _ patch: inout [JSONObject.Member]
    ) throws(StrategicMergeError) {
        let old = Set(original.map(\.description))
        let new = Set(modified.map(\.description))
        let added = options.contains(.additions) ? modified.filter { !old.contains($0.description) } : []
        let deleted =
            options.contains(.deletions)
            ? MergeList.deduplicated(original.filter { !new.contains($0.description) }) : []
        if !added.isEmpty { patch.append(.init(key, .array(added))) }
        if !deleted.isEmpty { patch.append(.init(PatchDirective.deletionKey(key), .array(deleted))) }
        if !modified.isEmpty, !deleted.isEmpty || (options.contains(.additions) && original != modified) {
            patch.append(.init(PatchDirective.orderKey(key), .array(modified)))
        }
    }

    /// Goes through both lists sorted by the merge key, so that elements that share one (a port for TCP and
    /// for UDP) pair up.
    private func diffElements(
        _ key: String, _ original: [JSONValue], _ modified: [JSONValue], _ list: MergeList,
        _ member: MemberMerge, _ patch: inout [JSONObject.Member]
    ) throws(StrategicMergeError) {
        let old = try sorted(original, list)
        let new = try sorted(modified, list)
        var changes: [JSONValue] = []
        var deletions: [JSONValue] = []
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if oldIndex < old.count, newIndex < new.count, old[oldIndex].identity == new[newIndex].identity {
                var change = try difference(
                    old[oldIndex].object, new[newIndex].object, member.context,
                    retainsKeys: member.retainsKeys)
                if !change.isEmpty {
                    change[member.mergeKey] = new[newIndex].object[member.mergeKey]
                    changes.append(.object(change))
                }
                oldIndex += 1
                newIndex += 1
            } else if oldIndex == old.count
                || (newIndex < new.count && old[oldIndex].identity > new[newIndex].identity)
            {
                if options.contains(.additions) { changes.append(.object(new[newIndex].object)) }
                newIndex += 1
            } else {
                if options.contains(.deletions) {
                    deletions.append(
                        .object([
                            PatchDirective.marker: "delete",
                            member.mergeKey: old[oldIndex].object[member.mergeKey] ?? .null,
                        ]))
                }
                oldIndex += 1
            }
        }
        let elements = try list.sorted(changes, by: list.places(in: modified)) + deletions
        if !elements.isEmpty { patch.append(.init(key, .array(elements))) }
        let isSameOrder = try identities(original, list) == identities(modified, list)
        if !modified.isEmpty, !elements.isEmpty || (options.contains(.additions) && !isSameOrder) {
            let order = modified.map { element -> JSONValue in
                [member.mergeKey: element[member.mergeKey] ?? .null]
            }
            patch.append(.init(PatchDirective.orderKey(key), .array(order)))
        }
    }

    private func identities(
        _ elements: [JSONValue], _ list: MergeList
    ) throws(StrategicMergeError) -> [String] {
        var identities: [String] = []
        for element in elements { identities.append(try list.identity(element)) }
        return identities
    }

    private func sorted(
        _ elements: [JSONValue], _ list: MergeList
    ) throws(StrategicMergeError) -> [(identity: String, object: JSONObject)] {
        var result: [(identity: String, object: JSONObject)] = []
        for element in elements {
            result.append((try list.identity(element), element.object ?? JSONObject()))
        }
        return result.enumerated()
            .sorted { ($0.element.identity, $0.offset) < ($1.element.identity, $1.offset) }
            .map(\.element)
    }
}
