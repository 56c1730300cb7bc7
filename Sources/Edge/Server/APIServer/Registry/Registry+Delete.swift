public import EdgeAPI
public import EdgeBase
public import EdgeClient
internal import EdgeJSON
internal import EdgeStorage

/// How a deletion ended.
public enum DeletionResult: Sendable {
    /// The object is gone; this was its last version.
    case deleted(EncodedObject)
    /// The object waits for its finalizers or its grace period.
    case pending(EncodedObject)
}

extension Registry {
    /// Finalizers by which the garbage collector knows what to do with dependents.
    static let foregroundFinalizer = "foregroundDeletion"
    static let orphanFinalizer = "orphan"

    public func delete(
        _ resource: ResourceDefinition, namespace: String, name: String, options: DeleteOptions,
        _ context: RequestContext
    ) async throws -> DeletionResult {
        let key = key(resource, namespace, name)
        var context = context
        context.deleteOptions = options.json
        while true {
            guard let current = store.get(key) else { throw APIStatus.notFound(resource.qualifiedName, name) }
            let old = try APIObject(decoding: current)
            try checkPreconditions(options, old, resource)
            var request = AdmissionRequest(
                operation: .delete, resource: resource, subresource: "", namespace: namespace, name: name,
                user: context.user, object: nil, old: old, isDryRun: context.isDryRun,
                warnings: context.warnings)
            try await admit(&request, context)
            try await approve(request, context)
            let plan = DeletionPlan(
                object: old, options: options, behavior: behavior(of: resource), now: clock.now)
            do {
                return try await carryOut(plan, current, old, resource, context)
            } catch let status as APIStatus where status.reason == .conflict && options.resourceVersion == nil
            {
                continue
            }
        }
    }

    /// Deletes what a selector finds; objects that go meanwhile are no failure.
    public func deleteCollection(
        _ resource: ResourceDefinition, objects: [EncodedObject], options: DeleteOptions,
        _ context: RequestContext
    ) async throws {
        for object in objects {
            do {
                _ = try await delete(
                    resource, namespace: object.key.namespace, name: object.key.name, options: options,
                    context)
            } catch let status as APIStatus where status.reason == .notFound {
                continue
            }
        }
    }

    private func carryOut(
        _ plan: DeletionPlan, _ current: EncodedObject, _ old: APIObject, _ resource: ResourceDefinition,
        _ context: RequestContext
    ) async throws -> DeletionResult {
        if context.isDryRun { return plan.isImmediate ? .deleted(current) : .pending(current) }
        let behavior = behavior(of: resource)
        switch plan {
        case .unchanged:
            return .pending(current)
        case .remove:
            let removed = try await commit(
                Mutation(
                    current.key, .delete, if: .revision(current.revision),
                    durability: behavior.durability(new: old, old: old)),
                resource)
            behavior.didCommit(new: nil, old: old)
            return .deleted(removed)
        case .mark(var object):
            object.metadata = Self.ordered(object.metadata)
            let stored = try await commit(
                Mutation(
                    current.key, .put(PendingObject(encoding: object)), if: .revision(current.revision)),
                resource)
            behavior.didCommit(new: object, old: old)
            return .pending(stored)
        }
    }

    private func checkPreconditions(
        _ options: DeleteOptions, _ object: APIObject, _ resource: ResourceDefinition
    ) throws {
        if let uid = options.uid, uid != object.uid {
            throw APIStatus.conflict(
                resource.qualifiedName, object.name,
                "Precondition failed: UID in precondition: \(uid), UID in object meta: \(object.uid)")
        }
        if let revision = options.resourceVersion, revision != object.resourceVersion {
            throw APIStatus.conflict(
                resource.qualifiedName, object.name,
                "Precondition failed: ResourceVersion in precondition: \(revision), ResourceVersion in object meta: \(object.resourceVersion)"
            )
        }
    }
}

/// What a request to delete does to an object, by Kubernetes' rules of grace periods and finalizers.
enum DeletionPlan: Equatable {
    /// It is being deleted already, and this request hastens nothing.
    case unchanged
    case remove
    /// It stays, with a deletionTimestamp, until its finalizers and its grace period are over.
    case mark(APIObject)

    var isImmediate: Bool { self == .remove }

    init(object: APIObject, options: DeleteOptions, behavior: any Behavior, now: Timestamp) {
        var finalizers = object.finalizers.filter {
            $0 != Registry.foregroundFinalizer && $0 != Registry.orphanFinalizer
        }
        switch options.propagation {
        case .foreground: finalizers.append(Registry.foregroundFinalizer)
        case .orphan: finalizers.append(Registry.orphanFinalizer)
        case .background: break
        case nil: finalizers = object.finalizers
        }
        let grace = behavior.gracePeriod(for: object, requested: options.gracePeriodSeconds) ?? 0
        if finalizers.isEmpty, grace == 0, !behavior.hasFurtherFinalizers(object) {
            self = .remove
            return
        }
        var marked = object
        if let pending = object.deletionGracePeriodSeconds, object.isBeingDeleted {
            // A second request may shorten the grace period, never lengthen it.
            if grace >= pending, finalizers == object.finalizers {
                self = .unchanged
                return
            }
            marked[path: "metadata", "deletionGracePeriodSeconds"] = .int(min(grace, pending))
            if grace < pending {
                marked[path: "metadata", "deletionTimestamp"] = .string((now + .seconds(grace)).rfc3339)
            }
        } else {
            marked[path: "metadata", "deletionTimestamp"] = .string((now + .seconds(grace)).rfc3339)
            marked[path: "metadata", "deletionGracePeriodSeconds"] = .int(grace)
            if object.generation > 0 { marked[path: "metadata", "generation"] = .int(object.generation + 1) }
        }
        marked.finalizers = finalizers
        if !object.isBeingDeleted { behavior.willBeginDeletion(&marked) }
        self = .mark(marked)
    }
}
