internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// How a write keeps book of who set which fields.
public enum FieldTracking: Sendable {
    /// What changes is booked on the request's manager.
    case updates
    /// The written managers are right already: the result of an apply.
    case applied
    /// Nothing is booked: what the server itself sets.
    case none
}

extension Registry {
    /// Written often, never applied, and short-lived: they are tracked only once somebody applies them.
    private static let untracked: Set<String> = ["events", "leases.coordination.k8s.io"]

    /// Sets `metadata.managedFields` of an object that is about to be written.
    /// - Parameters:
    ///   - old: nil for a creation.
    ///   - written: the managers that came with the request.
    func track(
        _ object: inout APIObject, old: APIObject?, written: JSONValue?, _ resource: ResourceDefinition,
        _ subresource: String, _ tracking: FieldTracking, _ context: RequestContext
    ) {
        let former = old?.json["metadata"]?["managedFields"]
        switch tracking {
        case .applied: object[path: "metadata", "managedFields"] = written
        case .none: object[path: "metadata", "managedFields"] = former
        case .updates:
            if old == nil {
                guard !Self.untracked.contains(resource.storageName) else { return }
            } else if former == nil, written == nil {
                return
            }
            let managed = Self.managers(former: former, written: subresource.isEmpty ? written : nil)
            object[path: "metadata", "managedFields"] =
                fieldManager(resource, subresource).updated(
                    managed, old: old?.json, new: object.json, manager: context.manager,
                    now: clock.now.rfc3339
                ).value
        }
    }

    /// The managers that a write begins with: the object's own, unless the client changes them on purpose.
    private static func managers(former: JSONValue?, written: JSONValue?) -> ManagedFields {
        if ManagedFields.isReset(written) { return ManagedFields() }
        if let written, written != former, let managed = ManagedFields.written(written), !managed.isEmpty {
            return managed
        }
        return ManagedFields(former) ?? ManagedFields()
    }

    func fieldManager(_ resource: ResourceDefinition, _ subresource: String) -> FieldManager {
        if let custom = resource.custom { return FieldManager(custom: custom, subresource: subresource) }
        let kind = resource.storedKind
        return FieldManager(
            type: Schema.shared.kind(kind), apiVersion: kind.apiVersion, subresource: subresource,
            hasStatus: ResourceStrategy.of(resource).hasStatus)
    }
}
