internal import EdgeJSON

/// Applies a strategic merge patch to an object; or, when combining, to another patch, whose directives and
/// nulls then stay.
struct StrategicMerger {
    private let schema: Schema
    private let isCombining: Bool

    init(_ schema: Schema, isCombining: Bool) {
        self.schema = schema
        self.isCombining = isCombining
    }

    func merge(
        _ original: JSONObject, _ patch: JSONObject, _ context: MergeContext
    ) throws(StrategicMergeError) -> JSONObject {
        if let directive = patch[PatchDirective.marker] {
            return try replaced(directive, patch)
        }
        var original = IndexedObject(original)
        var patch = patch
        try applyRetainKeys(&original, &patch)
        try mergeOrderedLists(&original, &patch, context)
        for change in patch.members {
            try mergeMember(change, into: &original, context)
        }
        return original.object
    }

    private func replaced(
        _ directive: JSONValue, _ patch: JSONObject
    ) throws(StrategicMergeError) -> JSONObject {
        switch directive {
        case "replace":
            var object = patch
            object[PatchDirective.marker] = nil
            return object
        case "delete": return JSONObject()
        default: throw .unprocessable("unknown patch type: \(directive) in map: \(JSONValue.object(patch))")
        }
    }

    private func mergeMember(
        _ change: JSONObject.Member, into original: inout IndexedObject, _ context: MergeContext
    ) throws(StrategicMergeError) {
        var key = change.key
        var isDeletionList = false
        if let field = try PatchDirective.deletionField(key) {
            if isCombining {
                original[key] = change.value
                return
            }
            (key, isDeletionList) = (field, true)
        }
        if case .null = change.value {
            original[key] = isCombining ? .null : JSONValue?.none
            return
        }
        guard let old = original[key], old.goName == change.value.goName else {
            if !isDeletionList { original[key] = asNew(change.value) }
            return
        }
        switch (old, change.value) {
        case (.object(let oldObject), .object(let changed)):
            let member = schema.member(key, of: context)
            original[key] =
                member.strategy == .replace
                ? change.value : .object(try merge(oldObject, changed, member.context))
        case (.array(let oldElements), .array(let changed)):
            let member = schema.member(key, of: context)
            if member.strategy == .merge || isDeletionList {
                original[key] = .array(
                    try mergeList(oldElements, changed, member, isDeletionList: isDeletionList))
            } else {
                original[key] = change.value
            }
        default:
            original[key] = change.value
        }
    }

    /// A value that the original does not have: without directives and, for an object, without nulls. Nil
    /// when the value itself is a directive.
    private func asNew(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .object(let object):
            if object[PatchDirective.marker] != nil { return nil }
            var members: [JSONObject.Member] = []
            for member in object.members {
                if !isCombining, case .null = member.value { continue }
                if let value = asNew(member.value) { members.append(.init(member.key, value)) }
            }
            return .object(JSONObject(uniqueMembers: members))
        case .array(let elements): return .array(elements.compactMap(asNew))
        default: return value
        }
    }

    // MARK: - Directives

    /// Clears what `$retainKeys` does not name.
    private func applyRetainKeys(
        _ original: inout IndexedObject, _ patch: inout JSONObject
    ) throws(StrategicMergeError) {
        guard let directive = patch.removeValue(forKey: PatchDirective.retainKeys) else { return }
        if isCombining {
            if let known = original[PatchDirective.retainKeys], known != directive { throw .retainKeys }
            original[PatchDirective.retainKeys] = directive
            return
        }
        guard case .array(let elements) = directive else { throw .retainKeys }
        let keys = Set(elements.compactMap(\.string))
        for member in patch.members where !member.value.isNull && !keys.contains(member.key) {
            guard try PatchDirective.deletionField(member.key) == nil,
                try PatchDirective.orderField(member.key) == nil
            else { continue }
            throw .retainKeys
        }
        original.keep { keys.contains($0) }
    }

    /// Merges and arranges the lists for which the patch has `$setElementOrder`, and takes them out of it.
    private func mergeOrderedLists(
        _ original: inout IndexedObject, _ patch: inout JSONObject, _ context: MergeContext
    ) throws(StrategicMergeError) {
        for member in patch.members {
            guard let field = try PatchDirective.orderField(member.key) else { continue }
            patch[member.key] = nil
            if isCombining {
                if let known = original[member.key], known != member.value { throw .setElementOrder }
                original[member.key] = member.value
            }
            guard case .array(let order) = member.value else { throw .setElementOrder }
            let merge = schema.member(field, of: context)
            let old = try elements(original[field])
            let changed = try elements(patch[field])
            guard old != nil || changed != nil else { continue }
            let kind = try MergeList.kind(of: old ?? [], changed ?? [], order) ?? .scalars
            let list = MergeList(kind: kind, mergeKey: merge.mergeKey)
            if let changed { try checkOrder(changed, order, list) }
            let merged =
                switch (old, changed) {
                case (let old?, nil): old
                case (let old?, let changed?):
                    merge.strategy == .merge
                        ? try mergeList(old, changed, merge, isDeletionList: false) : changed
                default: changed?.compactMap(asNew) ?? []
                }
            let server = try serverOrder(old ?? [], changed ?? [], list)
            original[field] = .array(try list.arranged(merged, by: order, server: server))
            patch[field] = nil
        }
    }

    private func elements(_ value: JSONValue?) throws(StrategicMergeError) -> [JSONValue]? {
        switch value {
        case nil, .null: return nil
        case .array(let elements): return elements
        case let value?:
            throw .unprocessable("expected a []interface {}, but received a \(value.goName)")
        }
    }

    /// The order of the server's elements by which the result is arranged. Kubernetes deletes and appends in
    /// the memory of the list that it looks at, so that new elements take the places of deleted ones.
    private func serverOrder(
        _ old: [JSONValue], _ changed: [JSONValue], _ list: MergeList
    ) throws(StrategicMergeError) -> [JSONValue] {
        guard list.kind == .objects else { return old }
        let deleted = list.places(in: changed.filter { $0[PatchDirective.marker] == "delete" })
        var server: [JSONValue] = []
        for element in old where deleted[try list.identity(element)] == nil { server.append(element) }
        let known = list.places(in: server)
        for element in changed where element[PatchDirective.marker] == nil && server.count < old.count {
            if known[try list.identity(element)] == nil { server.append(element) }
        }
        return server
    }

    /// The elements of the patch have to stand in the order that the directive names.
    private func checkOrder(
        _ changed: [JSONValue], _ order: [JSONValue], _ list: MergeList
    ) throws(StrategicMergeError) {
        guard !order.isEmpty else { return }
        var rest = order[...]
        for element in changed where element[PatchDirective.marker] == nil {
            let identity = try list.identity(element)
            var isFound = false
            while !isFound, let next = rest.popFirst() { isFound = try list.identity(next) == identity }
            guard isFound else {
                throw .unprocessable(
                    "The order in patch list:\n\(JSONValue.array(changed))\n doesn't match "
                        + "$setElementOrder list:\n\(JSONValue.array(order))\n")
            }
        }
    }

    // MARK: - Lists

    private func mergeList(
        _ original: [JSONValue], _ patch: [JSONValue], _ member: MemberMerge, isDeletionList: Bool
    ) throws(StrategicMergeError) -> [JSONValue] {
        guard let kind = try MergeList.kind(of: original, patch) else { return original }
        let list = MergeList(kind: kind, mergeKey: member.mergeKey)
        switch kind {
        case .scalars:
            if isDeletionList, !isCombining {
                let deleted = Set(patch.map(\.description))
                return original.filter { !deleted.contains($0.description) }
            }
            let merged = MergeList.deduplicated(original + patch)
            return try list.arranged(merged, by: patch, server: original)
        case .objects:
            guard !member.mergeKey.isEmpty else {
                throw .unprocessable("cannot merge lists without merge key")
            }
            return try mergeObjects(original, patch, list, member.context)
        }
    }

    private func mergeObjects(
        _ original: [JSONValue], _ patch: [JSONValue], _ list: MergeList, _ context: MergeContext
    ) throws(StrategicMergeError) -> [JSONValue] {
        var deleted: Set<String> = []
        var changes: [JSONValue] = []
        var isReplaced = false
        for element in patch {
            switch element[PatchDirective.marker] {
            case nil: changes.append(element)
            case "delete"?: deleted.insert(try list.identity(element))
            case "replace"?: isReplaced = true
            case "merge"?: throw .unprocessable("merging lists cannot yet be specified in the patch")
            case let directive?:
                throw .unprocessable("unknown patch type: \(directive) in map: \(element)")
            }
        }
        if isReplaced { return changes }
        let server = original.filter { element in
            (try? list.identity(element)).map { !deleted.contains($0) } ?? true
        }
        var merged = server
        var places = list.places(in: server)
        for change in changes {
            let identity = try list.identity(change)
            if let place = places[identity] {
                guard let old = merged[place].object, let changed = change.object else { continue }
                merged[place] = .object(try merge(old, changed, context))
            } else {
                places[identity] = merged.count
                merged.append(change)
            }
        }
        return try list.arranged(merged, by: changes, server: server)
    }
}
