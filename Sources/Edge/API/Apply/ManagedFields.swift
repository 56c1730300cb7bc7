public import EdgeJSON

/// The managers of one object: `metadata.managedFields`.
public struct ManagedFields: Sendable, Equatable {
    /// How many entries of updates an object keeps; older ones become one.
    static let maximumUpdates = 10
    private static let ancient = "ancient-changes"

    public internal(set) var entries: [ManagedFieldsEntry]

    public init(_ entries: [ManagedFieldsEntry] = []) {
        self.entries = entries
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// Reads `metadata.managedFields`; nil when one of its entries does not read.
    public init?(_ value: JSONValue?) {
        entries = []
        guard case .array(let values)? = value else {
            if value == nil || value == .null { return }
            return nil
        }
        for value in values {
            guard let entry = ManagedFieldsEntry(value) else { return nil }
            entries.append(entry)
        }
    }

    /// Nil when nobody manages anything.
    public var value: JSONValue? {
        entries.isEmpty
            ? JSONValue?.none : .array(entries.sorted(by: ManagedFieldsEntry.precedes).map(\.value))
    }

    /// Whether a client asks to forget all managers: one entry that says nothing.
    public static func isReset(_ value: JSONValue?) -> Bool {
        guard case .array(let entries)? = value, entries.count == 1, let entry = entries[0].object else {
            return false
        }
        return entry.isEmpty
    }

    /// Reads what a client wrote, in the texts that edge uses; nil when it is not valid.
    public static func written(_ value: JSONValue?) -> ManagedFields? {
        guard var fields = ManagedFields(value) else { return nil }
        for index in fields.entries.indices {
            guard let set = FieldSet(fieldsV1: fields.entries[index].fieldsV1) else { return nil }
            fields.entries[index].fields = set
        }
        return fields
    }

    func index(of identity: ManagedFieldsEntry.Identity) -> Int? {
        entries.firstIndex { $0.identity == identity }
    }

    /// Takes fields away from everybody but one.
    mutating func remove(_ fields: FieldSet, except identity: ManagedFieldsEntry.Identity? = nil) {
        guard !fields.isEmpty else { return }
        for index in entries.indices where entries[index].identity != identity {
            if let rest = fields.removed(from: entries[index].fieldsV1) { entries[index].fieldsV1 = rest }
        }
        entries.removeAll { $0.fieldsV1.isEmpty && $0.identity != identity }
    }

    /// Puts the oldest entries of updates together until there are not too many.
    mutating func combineOldUpdates() {
        guard entries.count > Self.maximumUpdates else { return }
        var updates = entries.filter { $0.operation == .update }
        guard updates.count > Self.maximumUpdates else { return }
        updates.sort {
            $0.time != $1.time ? $0.time ?? "" < $1.time ?? "" : $0.manager < $1.manager
        }
        var surplus = updates.count - Self.maximumUpdates
        var first: [String: ManagedFieldsEntry.Identity] = [:]
        for update in updates where surplus > 0 {
            guard let before = first[update.apiVersion] else {
                first[update.apiVersion] = update.identity
                continue
            }
            var bucket = ManagedFieldsEntry(
                manager: Self.ancient, operation: .update, apiVersion: update.apiVersion, time: update.time)
            var fields = update.fields
            for identity in [before, bucket.identity] {
                guard let index = index(of: identity) else { continue }
                fields = fields.union(entries.remove(at: index).fields)
            }
            entries.removeAll { $0.identity == update.identity }
            bucket.fields = fields
            entries.append(bucket)
            first[update.apiVersion] = bucket.identity
            surplus -= 1
        }
    }
}
