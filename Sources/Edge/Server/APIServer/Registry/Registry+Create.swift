public import EdgeAPI
public import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

extension Registry {
    /// Creates an object. The order is Kubernetes': system metadata, mutating admission, the resource's own
    /// preparation, defaults, validation, validating admission, then the store.
    /// - Parameter body: canonical, with the kind and apiVersion of the resource.
    public func create(
        _ resource: ResourceDefinition, namespace: String, body: APIObject, _ context: RequestContext,
        tracking: FieldTracking = .updates
    ) async throws -> EncodedObject {
        for attempt in 1... {
            do {
                return try await createOnce(resource, namespace: namespace, body: body, context, tracking)
            } catch let status as APIStatus
                where status.reason == .alreadyExists && body.name.isEmpty
                && attempt < Self.generatedNameTries
            {
                continue
            }
        }
        throw APIStatus.internalError("no free name was found")
    }

    /// How often a generated name that is taken is rolled again.
    private static let generatedNameTries = 8

    private func createOnce(
        _ resource: ResourceDefinition, namespace: String, body: APIObject, _ context: RequestContext,
        _ tracking: FieldTracking
    ) async throws -> EncodedObject {
        var object = try prepared(body, resource, namespace: namespace)
        let behavior = behavior(of: resource)
        var request = AdmissionRequest(
            operation: .create, resource: resource, subresource: "", namespace: namespace, name: object.name,
            user: context.user, object: object, old: nil, isDryRun: context.isDryRun,
            warnings: context.warnings)
        Defaulter.apply(to: &object, resource: resource)
        track(&object, old: nil, written: body.metadata["managedFields"], resource, "", tracking, context)
        request.object = object
        try await admit(&request, context)
        object = request.object ?? object
        ResourceStrategy.of(resource).prepareForCreate(&object)
        try behavior.prepareForCreate(&object, context)
        do {
            Defaulter.apply(to: &object, resource: resource)
            object.metadata = Self.ordered(object.metadata)
            object = object.inCanonicalOrder
            try Self.requireValid(
                ObjectValidator.validateCreate(object, resource: resource), resource, object.name)
            try Self.requireValid(
                behavior.problems(in: object, old: nil, subresource: ""), resource, object.name)
            request.object = object
            try await approve(request, context)
            if let warning = SupportGate.warning(for: resource) { context.warnings.add(warning) }
            let key = key(resource, namespace, object.name)
            if context.isDryRun {
                if store.get(key) != nil {
                    throw APIStatus.alreadyExists(resource.qualifiedName, object.name)
                }
                behavior.rollBack(new: object, old: nil)
                return EncodedObject(key: key, revision: 0, bytes: object.value.encoded)
            }
            let form = resource.custom == nil ? object : try await storedForm(object, resource)
            let stored = try await commit(
                Mutation(
                    key, .put(PendingObject(encoding: form)), if: .absent,
                    durability: behavior.durability(new: object, old: nil)),
                resource)
            behavior.didCommit(new: object, old: nil)
            return answer(stored, for: object, resource)
        } catch {
            behavior.rollBack(new: object, old: nil)
            throw error
        }
    }

    /// The body with the metadata that the server sets, and without what a client may not set.
    private func prepared(
        _ body: APIObject, _ resource: ResourceDefinition, namespace: String
    ) throws -> APIObject {
        var object = body
        var metadata = object.metadata
        if resource.isNamespaced {
            if let given = metadata["namespace"]?.string, !given.isEmpty, given != namespace {
                throw APIStatus.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request")
            }
            metadata["namespace"] = .string(namespace)
        } else {
            metadata["namespace"] = nil
        }
        if let revision = metadata["resourceVersion"]?.string, !revision.isEmpty {
            throw APIStatus.badRequest("resourceVersion should not be set on objects to be created")
        }
        for key in [
            "resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields",
        ] {
            metadata[key] = nil
        }
        if object.name.isEmpty, !object.generateName.isEmpty {
            metadata["name"] = .string(NameGenerator.name(from: object.generateName))
        }
        metadata["uid"] = .string(UID.random())
        metadata["creationTimestamp"] = .string(clock.now.rfc3339)
        object.metadata = metadata
        return object
    }

    /// `metadata` in the order of Kubernetes' ObjectMeta.
    static func ordered(_ metadata: JSONObject) -> JSONObject {
        metadata.sorted(by: rank)
    }

    private static func rank(_ key: String) -> Int {
        switch key {
        case "name": 0
        case "generateName": 1
        case "namespace": 2
        case "selfLink": 3
        case "uid": 4
        case "resourceVersion": 5
        case "generation": 6
        case "creationTimestamp": 7
        case "deletionTimestamp": 8
        case "deletionGracePeriodSeconds": 9
        case "labels": 10
        case "annotations": 11
        case "ownerReferences": 12
        case "finalizers": 13
        case "managedFields": 14
        default: 15
        }
    }

    static func requireValid(_ errors: [FieldError], _ resource: ResourceDefinition, _ name: String) throws {
        guard errors.isEmpty else {
            throw APIStatus.invalid(kind: resource.kind, group: resource.group, name: name, errors)
        }
    }

    /// Commits one change and says in the API's words what stood against it.
    func commit(_ mutation: Mutation, _ resource: ResourceDefinition) async throws -> EncodedObject {
        do {
            guard let stored = try await store.commit([mutation]).first else {
                throw APIStatus.internalError("the store returned nothing for \(mutation.key)")
            }
            return stored
        } catch let error as StorageError {
            throw APIStatus(error, resource: resource.qualifiedName, name: mutation.key.name)
        }
    }
}

extension JSONObject {
    /// The members in the order of their ranks; as they are when they stand so already, which is the rule.
    func sorted(by rank: (String) -> Int) -> JSONObject {
        var last = Int.min
        for member in members {
            let next = rank(member.key)
            guard next >= last else {
                let ranked = members.map { (rank: rank($0.key), member: $0) }
                return JSONObject(uniqueMembers: ranked.sorted { $0.rank < $1.rank }.map(\.member))
            }
            last = next
        }
        return self
    }
}

extension APIStatus {
    init(_ error: StorageError, resource: String, name: String) {
        switch error {
        case .alreadyExists: self = .alreadyExists(resource, name)
        case .notFound: self = .notFound(resource, name)
        case .conflict: self = .modified(resource, name)
        default: self = .serviceUnavailable("the state store cannot write: \(error)")
        }
    }
}
