public import EdgeAPI
public import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

extension Registry {
    /// How often a write without a resourceVersion is tried again when others write at the same time.
    private static let maximumTries = 16

    /// Replaces an object with a body, PUT's meaning.
    public func update(
        _ resource: ResourceDefinition, namespace: String, name: String, subresource: String, body: APIObject,
        _ context: RequestContext
    ) async throws -> EncodedObject {
        try checkIdentity(of: body, resource, namespace: namespace, name: name)
        let strategy = ResourceStrategy.of(resource)
        if store.get(key(resource, namespace, name)) == nil, strategy.allowsCreateOnUpdate,
            subresource.isEmpty,
            body.uid.isEmpty
        {
            return try await create(resource, namespace: namespace, body: body, context)
        }
        if body.resourceVersion.isEmpty, !strategy.allowsUnconditionalUpdate {
            throw APIStatus.invalid(
                kind: resource.kind, group: resource.group, name: name,
                [
                    FieldError(
                        .invalid, "metadata.resourceVersion", value: 0,
                        detail: "must be specified for an update")
                ])
        }
        return try await change(resource, namespace: namespace, name: name, subresource: subresource, context)
        { _ in body }
    }

    /// Reads, transforms and writes back until nobody else has written in between.
    /// - Parameter transform: gives the new object from the current one; when it carries a resourceVersion,
    ///   that must be the current one.
    public func change(
        _ resource: ResourceDefinition, namespace: String, name: String, subresource: String,
        _ context: RequestContext, tracking: FieldTracking = .updates,
        _ transform: (APIObject) throws -> APIObject
    ) async throws -> EncodedObject {
        let key = key(resource, namespace, name)
        for _ in 0..<Self.maximumTries {
            guard let current = store.get(key) else { throw APIStatus.notFound(resource.qualifiedName, name) }
            let old =
                resource.custom == nil
                ? try APIObject(decoding: current) : try await decoded(current, resource)
            let wanted = try transform(old)
            let isConditional = !wanted.resourceVersion.isEmpty
            if isConditional, wanted.resourceVersion != old.resourceVersion {
                throw APIStatus.modified(resource.qualifiedName, name)
            }
            if !wanted.uid.isEmpty, wanted.uid != old.uid {
                throw APIStatus.conflict(
                    resource.qualifiedName, name,
                    "Precondition failed: UID in precondition: \(wanted.uid), UID in object meta: \(old.uid)")
            }
            do {
                return try await write(
                    wanted, over: old, current, resource, subresource: subresource, tracking, context)
            } catch let status as APIStatus where status.reason == .conflict && !isConditional {
                continue
            }
        }
        throw APIStatus.modified(resource.qualifiedName, name)
    }

    private func write(
        _ wanted: APIObject, over old: APIObject, _ current: EncodedObject, _ resource: ResourceDefinition,
        subresource: String, _ tracking: FieldTracking, _ context: RequestContext
    ) async throws -> EncodedObject {
        let behavior = behavior(of: resource)
        let strategy = ResourceStrategy.of(resource)
        var object = merged(wanted, into: old, strategy, subresource: subresource)
        Defaulter.apply(to: &object, resource: resource)
        track(
            &object, old: old, written: wanted.metadata["managedFields"], resource, subresource, tracking,
            context)
        var request = AdmissionRequest(
            operation: .update, resource: resource, subresource: subresource,
            namespace: current.key.namespace,
            name: current.key.name, user: context.user, object: object, old: old, isDryRun: context.isDryRun,
            warnings: context.warnings)
        if subresource == "binding" {
            try admission.mutate(&request)
        } else {
            try await admit(&request, context)
        }
        object = request.object ?? object
        let scope = UpdateScope(subresource)
        if scope == .object { strategy.prepareForUpdate(&object, old: old) }
        try behavior.prepareForUpdate(&object, old: old, subresource: subresource, context)
        do {
            object.metadata = Self.ordered(object.metadata)
            let errors =
                switch scope {
                case .object: ObjectValidator.validateUpdate(object, old: old, resource: resource)
                case .part: PodParts.validate(object, old: old, subresource: subresource)
                case .status, .action:
                    ObjectValidator.validateStatusUpdate(object, old: old, resource: resource)
                }
            try Self.requireValid(errors, resource, current.key.name)
            try Self.requireValid(
                behavior.problems(in: object, old: old, subresource: subresource), resource, current.key.name)
            request.object = object
            if subresource == "binding" {
                try admission.validate(request)
            } else {
                try await approve(request, context)
            }
            if object == old {
                behavior.rollBack(new: object, old: old)
                return answer(current, for: old, resource)
            }
            if context.isDryRun {
                behavior.rollBack(new: object, old: old)
                return EncodedObject(
                    key: current.key, revision: current.revision, bytes: object.value.encoded)
            }
            let stored = try await commitUpdate(object, old: old, current, resource, behavior)
            return stored
        } catch {
            behavior.rollBack(new: object, old: old)
            throw error
        }
    }

    /// Stores the new version, or removes the object when this update took away what held its deletion up.
    private func commitUpdate(
        _ object: APIObject, old: APIObject, _ current: EncodedObject, _ resource: ResourceDefinition,
        _ behavior: any Behavior
    ) async throws -> EncodedObject {
        let isGone =
            object.isBeingDeleted && object.finalizers.isEmpty && !behavior.hasFurtherFinalizers(object)
            && (object.deletionGracePeriodSeconds ?? 0) == 0
        let form = resource.custom == nil ? object : try await storedForm(object, resource)
        let stored = try await commit(
            Mutation(
                current.key, isGone ? .delete : .put(PendingObject(encoding: form)),
                if: .revision(current.revision), durability: behavior.durability(new: object, old: old)),
            resource)
        behavior.didCommit(new: isGone ? nil : object, old: old)
        return answer(stored, for: object, resource)
    }

    /// The body brought together with what it may not change: the object's identity and system metadata, and
    /// for the status subresource everything but the status.
    private func merged(
        _ wanted: APIObject, into old: APIObject, _ strategy: ResourceStrategy, subresource: String
    ) -> APIObject {
        var object = wanted
        let scope = UpdateScope(subresource)
        if scope == .status { strategy.prepareForStatusUpdate(&object, old: old) }
        if scope == .part { PodParts.prepare(&object, old: old, subresource: subresource) }
        var metadata = object.metadata
        for key in Self.fixedMetadata where scope != .part || key != "generation" {
            metadata[key] = old.metadata[key]
        }
        object.metadata = Self.ordered(metadata)
        object["apiVersion"] = old["apiVersion"]
        object["kind"] = old["kind"]
        return object.inCanonicalOrder
    }

    private static let fixedMetadata = [
        "name", "namespace", "uid", "creationTimestamp", "generation", "generateName", "selfLink",
        "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion", "managedFields",
    ]

    private func checkIdentity(
        of body: APIObject, _ resource: ResourceDefinition, namespace: String, name: String
    ) throws {
        if body.name != name {
            throw APIStatus.badRequest(
                body.name.isEmpty
                    ? "name must be provided"
                    : "the name of the object (\(body.name)) does not match the name on the URL (\(name))")
        }
        if resource.isNamespaced, !body.namespace.isEmpty, body.namespace != namespace {
            throw APIStatus.badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
    }
}

/// Which part of an object an update may change.
private enum UpdateScope {
    /// Everything that a user wishes; the status stays.
    case object
    /// The status alone.
    case status
    /// One part of a pod's spec.
    case part
    /// What the server itself has worked out: a pod's node, a namespace's finalizers.
    case action

    init(_ subresource: String) {
        switch subresource {
        case "status", "approval": self = .status
        case "ephemeralcontainers", "resize": self = .part
        case "binding", "finalize": self = .action
        default: self = .object
        }
    }
}

extension APIObject {
    /// apiVersion, kind and metadata first, status last, the rest as it stands.
    var inCanonicalOrder: APIObject {
        func rank(_ key: String) -> Int {
            switch key {
            case "kind": 0
            case "apiVersion": 1
            case "metadata": 2
            case "status": 4
            default: 3
            }
        }
        return APIObject(json.sorted(by: rank))
    }
}
