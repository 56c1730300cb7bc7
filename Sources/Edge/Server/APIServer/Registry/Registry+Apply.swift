internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

extension Registry {
    /// Server-side apply: merges a configuration into the object, or creates it from that.
    func apply(
        _ resource: ResourceDefinition, namespace: String, name: String, subresource: String,
        configuration: JSONValue, _ context: RequestContext, served: ResourceDefinition? = nil
    ) async throws -> EncodedObject {
        let wanted = try checked(configuration, served ?? resource, namespace: namespace, name: name)
        let manager = fieldManager(resource, subresource)
        let decoder =
            resource.custom == nil ? BodyDecoder(resource.storedKind) : BodyDecoder(resource: resource)
        func applied(to live: APIObject?) throws -> APIObject {
            guard let managed = ManagedFields(live?.json["metadata"]?["managedFields"]) else {
                throw APIStatus.internalError(
                    "the managedFields of \(resource.resource) \"\(name)\" do not read")
            }
            let result: FieldManager.Applied
            do throws(ApplyConflicts) {
                result = try manager.applied(
                    wanted, to: live?.json, managed, manager: context.fieldManager, force: context.isForced,
                    now: clock.now.rfc3339)
            } catch {
                throw error.status
            }
            return try decoder.canonical(Self.object(result, wanted), context)
        }
        while true {
            do {
                if store.get(key(resource, namespace, name)) == nil, subresource.isEmpty {
                    guard wanted.object["metadata"]?["uid"]?.string ?? "" == "" else {
                        throw APIStatus.conflict(
                            resource.qualifiedName, name,
                            "uid mismatch: the provided object specified uid, and no existing object was found"
                        )
                    }
                    return try await create(
                        resource, namespace: namespace, body: try applied(to: nil), context,
                        tracking: .applied)
                }
                return try await change(
                    resource, namespace: namespace, name: name, subresource: subresource, context,
                    tracking: .applied
                ) { try applied(to: $0) }
            } catch let status as APIStatus
                where status.reason == .alreadyExists || (status.reason == .notFound && subresource.isEmpty)
            {
                // It came or went meanwhile.
                guard status.details?.name == name, store.get(key(resource, namespace, name)) != nil else {
                    throw status
                }
            }
        }
    }

    /// The configuration in its type, with the name that the address says.
    private func checked(
        _ configuration: JSONValue, _ resource: ResourceDefinition, namespace: String, name: String
    ) throws -> ApplyConfiguration {
        guard var object = APIObject(configuration) else {
            throw APIStatus.badRequest("error decoding YAML: the applied configuration must be an object")
        }
        let kind = resource.groupVersionKind
        guard object.apiVersion == kind.apiVersion else {
            throw APIStatus.badRequest(
                "Incorrect version specified in apply patch. Specified patch version: \(object.apiVersion), expected: \(kind.apiVersion)"
            )
        }
        guard object.kind == kind.kind else {
            throw APIStatus.badRequest("the applied configuration is a \(object.kind), not a \(kind.kind)")
        }
        guard object[path: "metadata", "managedFields"] ?? .null == .null else {
            throw APIStatus.badRequest("metadata.managedFields must be nil")
        }
        guard object.name.isEmpty || object.name == name else {
            throw APIStatus.badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL (\(name))")
        }
        guard object.namespace.isEmpty || object.namespace == namespace else {
            throw APIStatus.badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        object[path: "metadata", "name"] = .string(name)
        do throws(ApplyConfiguration.Failure) {
            if let problems = resource.custom?.undeclaredFields(in: object.json), !problems.isEmpty {
                throw ApplyConfiguration.Failure(problems: problems)
            }
            let read = try ApplyConfiguration(object.json, type: Schema.shared.kind(kind))
            guard !resource.isStorageVersion else { return read }
            return try ApplyConfiguration(
                VersionConversion.stored(APIObject(read.object), from: resource).json,
                type: Schema.shared.kind(resource.storedKind))
        } catch {
            let place = namespace.isEmpty ? name : "\(namespace)/\(name)"
            throw APIStatus(
                code: 500, reason: "",
                message:
                    "failed to create typed patch object (\(place); \(kind.apiVersion), Kind=\(kind.kind)): \(error)"
            )
        }
    }

    /// The merged object with its managers; with a resourceVersion only where the configuration has one,
    /// which is then a condition.
    private static func object(
        _ applied: FieldManager.Applied, _ configuration: ApplyConfiguration
    ) -> APIObject {
        var object = APIObject(applied.object)
        var metadata = object.metadata
        metadata["resourceVersion"] = configuration.object["metadata"]?["resourceVersion"]
        metadata["managedFields"] = applied.managed.value
        object.metadata = metadata
        return object
    }
}
