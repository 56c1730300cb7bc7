public import EdgeJSON

extension FieldManager {
    /// An object with what was applied, not yet canonical, and its managers.
    public struct Applied: Sendable {
        public var object: JSONObject
        public var managed: ManagedFields
    }

    private static let kubectl = "kubectl"
    private static let beforeFirstApply = "before-first-apply"

    /// Merges a configuration into the live object.
    /// - Parameters:
    ///   - live: nil when the object does not exist.
    ///   - force: takes fields away from their owners instead of failing.
    /// - Throws: the fields that others own and that would change.
    public func applied(
        _ configuration: ApplyConfiguration, to live: JSONObject?, _ managed: ManagedFields, manager: String,
        force: Bool, now: String
    ) throws(ApplyConflicts) -> Applied {
        let current = Self.withoutManagers(live ?? typed(emptyObject, like: configuration))
        var managed = managed
        if managed.isEmpty, live != nil {
            managed = updated(
                managed, old: nil, new: current, manager: Self.beforeFirstApply, now: now)
        }
        var result: Applied
        do throws(ApplyConflicts) {
            result = try merged(configuration, current, managed, manager, force: force, now: now)
        } catch {
            // What kubectl applied from its side before is its own.
            guard manager == Self.kubectl, let allowed = fieldsOfLastApplied(current) else { throw error }
            let rest = error.conflicts.filter { !allowed.contains($0.path) }
            guard rest.isEmpty else { throw ApplyConflicts(conflicts: rest) }
            result = try merged(configuration, current, managed, manager, force: true, now: now)
        }
        if manager == Self.kubectl { Self.renewLastApplied(&result.object, configuration.object) }
        return result
    }

    private func typed(_ object: JSONObject, like configuration: ApplyConfiguration) -> JSONObject {
        var object = object
        for key in ["kind", "apiVersion"] {
            if let value = configuration.object[key] { object.prepend(key, value) }
        }
        return object
    }

    private func merged(
        _ configuration: ApplyConfiguration, _ live: JSONObject, _ managed: ManagedFields, _ manager: String,
        force: Bool, now: String
    ) throws(ApplyConflicts) -> Applied {
        var managed = managed
        let fields = changeable(FieldSet(of: configuration.object, type: type, schema))
        var entry = ManagedFieldsEntry(
            manager: manager, operation: .apply, apiVersion: apiVersion, subresource: subresource,
            fields: fields)
        var former = FieldSet()
        if let index = managed.index(of: entry.identity) {
            former = managed.entries[index].fields
            entry.time = managed.entries[index].time
            managed.entries.remove(at: index)
        }
        var object = AppliedMerge(schema).merge(live, configuration.object, type)
        if !former.isEmpty {
            let owned = managed.entries.reduce(fields) { $0.union($1.fields) }
            object = pruned(object, former: former, owned: owned)
        }
        try takeOver(live, object, &managed, force: force)
        entry.fields = fields.subtracting(Self.unowned)
        if object != live || entry.time == nil { entry.time = now }
        if !entry.fieldsV1.isEmpty { managed.entries.append(entry) }
        return Applied(object: object, managed: managed)
    }

    /// Takes the fields that change away from the other managers.
    private func takeOver(
        _ live: JSONObject, _ object: JSONObject, _ managed: inout ManagedFields, force: Bool
    ) throws(ApplyConflicts) {
        let comparison = ObjectComparison(live, object, type: type, schema).filtered(changeable)
        let changed = comparison.changed
        if !force {
            var conflicts: [ApplyConflicts.Conflict] = []
            let owners = managed.entries.sorted {
                ($0.manager, $0.operation.rawValue, $0.apiVersion, $0.subresource)
                    < ($1.manager, $1.operation.rawValue, $1.apiVersion, $1.subresource)
            }
            for owner in owners {
                let paths = owner.fields.intersection(changed).members
                conflicts += paths.map { ApplyConflicts.Conflict(owner: owner, path: $0) }
            }
            guard conflicts.isEmpty else { throw ApplyConflicts(conflicts: conflicts) }
        }
        managed.remove(changed.union(comparison.removed))
    }

    /// Removes what the manager applied last time, does not apply any more, and nobody else owns.
    private func pruned(_ merged: JSONObject, former: FieldSet, owned: FieldSet) -> JSONObject {
        func named(_ set: FieldSet) -> FieldSet { set.includingNamedParents(type, schema) }
        func fields(_ object: JSONObject) -> FieldSet { named(FieldSet(of: object, type: type, schema)) }
        let removal = FieldRemoval(schema)
        let former = named(former)
        let all = fields(merged)
        let withoutFormer = fields(removal.remove(former, from: merged, type))
        // Back comes what somebody owns,
        let unowned = all.subtracting(withoutFormer.union(named(owned)))
        let kept = fields(removal.remove(unowned, from: merged, type))
        // and what was never this manager's, though it lay below something that was.
        return removal.remove(all.subtracting(kept).intersection(former), from: merged, type)
    }
}
