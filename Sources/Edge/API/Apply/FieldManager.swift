public import EdgeJSON

/// Keeps book of who set which fields of objects of one kind, and merges what is applied: server-side apply
/// with the semantics of Kubernetes' structured merge.
public struct FieldManager: Sendable {
    let schema: Schema
    let definition: TypeDefinition?
    let type: MergeType
    /// The version in which objects are stored, and in which all fields are counted.
    let apiVersion: String
    let subresource: String
    private let scope: Scope

    /// Which fields a request can change: nobody comes to own others by it.
    private enum Scope {
        case everything, besidesStatus, status
    }

    /// - Parameters:
    ///   - type: nil for a kind without schema.
    ///   - hasStatus: whether the status is changed by a subresource of its own only.
    public init(
        type: TypeDefinition?, apiVersion: String, subresource: String, hasStatus: Bool,
        schema: Schema = .shared
    ) {
        self.init(
            merging: MergeType(type), type: type, apiVersion: apiVersion, subresource: subresource,
            hasStatus: hasStatus, schema: schema)
    }

    init(
        merging mergeType: MergeType, type: TypeDefinition?, apiVersion: String, subresource: String,
        hasStatus: Bool, schema: Schema = .shared
    ) {
        self.schema = schema
        definition = type
        self.type = mergeType
        self.apiVersion = apiVersion
        self.subresource = subresource
        scope =
            subresource == "status"
            ? .status : subresource.isEmpty && hasStatus ? .besidesStatus : .everything
    }

    private static let statusFields = FieldSet(paths: [["f:status"]])
    private static let fixedByStatus = FieldSet(
        paths: ["ownerReferences", "deletionTimestamp"].map { ["f:metadata", "f:" + $0] })

    /// The fields of a set that the request can change.
    func changeable(_ fields: FieldSet) -> FieldSet {
        switch scope {
        case .everything: fields
        case .besidesStatus: fields.subtractingRecursively(Self.statusFields)
        case .status:
            FieldSet(fields.nodes.filter { $0.element == "f:status" || $0.element == "f:metadata" })
                .subtractingRecursively(Self.fixedByStatus)
        }
    }

    /// What the server sets: nobody owns it.
    static let unowned = FieldSet(
        paths: [["f:apiVersion"], ["f:kind"], ["f:metadata"]]
            + [
                "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation",
                "managedFields", "resourceVersion",
            ].map { ["f:metadata", "f:" + $0] })

    // MARK: Updates

    /// The managers after a creation, an update or a patch.
    /// - Parameters:
    ///   - old: nil for a creation.
    ///   - managed: the managers before; when there are none of an existing object, it is not tracked.
    ///   - now: RFC 3339.
    public func updated(
        _ managed: ManagedFields, old: JSONObject?, new: JSONObject, manager: String, now: String
    ) -> ManagedFields {
        if old != nil, managed.isEmpty { return managed }
        return tracked(managed, old: old ?? emptyObject, new: new, manager: manager, now: now)
    }

    private func tracked(
        _ managed: ManagedFields, old: JSONObject, new: JSONObject, manager: String, now: String
    ) -> ManagedFields {
        let comparison = ObjectComparison(
            Self.withoutManagers(old), Self.withoutManagers(new), type: type, schema
        ).filtered(changeable)
        let changed = comparison.changed
        let touched = changed.union(comparison.removed)
        guard !touched.isEmpty else { return managed }
        var managed = managed
        managed.remove(touched)
        let own = changed.subtracting(Self.unowned)
        guard !own.isEmpty else { return managed }
        var entry = ManagedFieldsEntry(
            manager: manager.isEmpty ? "unknown" : manager, operation: .update, apiVersion: apiVersion,
            subresource: subresource, time: now)
        if let index = managed.index(of: entry.identity) {
            entry.fields = own.union(managed.entries[index].fields)
            managed.entries[index] = entry
        } else {
            entry.fields = own
            managed.entries.append(entry)
        }
        managed.combineOldUpdates()
        return managed
    }

    /// An object of the kind of which nothing is set.
    var emptyObject: JSONObject {
        guard let definition, let empty = schema.emptyValues[Int(definition.id.index)].object else {
            return JSONObject()
        }
        return empty
    }

    static func withoutManagers(_ object: JSONObject) -> JSONObject {
        guard var metadata = object["metadata"]?.object, metadata["managedFields"] != nil else {
            return object
        }
        var object = object
        metadata["managedFields"] = nil
        object["metadata"] = .object(metadata)
        return object
    }
}
