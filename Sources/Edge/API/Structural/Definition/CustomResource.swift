public import EdgeBase
internal import EdgeJSON

/// One version of a custom resource, as requests for it meet it: it takes the place of what the schema table
/// is to built-in kinds.
public final class CustomResource: Sendable {
    public let family: CustomResourceFamily
    public let version: CustomResourceFamily.Version

    public init(_ family: CustomResourceFamily, _ version: CustomResourceFamily.Version) {
        self.family = family
        self.version = version
    }

    public var schema: StructuralSchema { version.schema }
    public var apiVersion: String { "\(family.group)/\(version.name)" }
    public var storageAPIVersion: String { "\(family.group)/\(family.storageVersion)" }
    public var isStorageVersion: Bool { version.name == family.storageVersion }

    /// Whether reading objects in this version may need a webhook.
    public var needsWebhook: Bool {
        if case .none = family.conversion { return false }
        return !isStorageVersion || family.hasOldVersions
    }

    /// The resource that this version is in the API.
    public var definition: ResourceDefinition {
        var subresources: [SubresourceDefinition] = []
        let kind = GroupVersionKind(group: family.group, version: version.name, kind: family.names.kind)
        let verbs: APIVerb = [.get, .patch, .update]
        if version.hasStatus {
            subresources.append(SubresourceDefinition(name: "status", kind: kind, verbs: verbs))
        }
        if version.scale != nil {
            subresources.append(
                SubresourceDefinition(
                    name: "scale", kind: .init(group: "autoscaling", version: "v1", kind: "Scale"),
                    verbs: verbs))
        }
        var definition = ResourceDefinition(
            group: family.group, version: version.name, resource: family.names.plural,
            singular: family.names.singular, kind: family.names.kind, listKind: family.names.listKind,
            isNamespaced: family.isNamespaced, shortNames: family.names.shortNames,
            categories: family.names.categories, subresources: subresources,
            storageVersion: family.storageVersion)
        definition.custom = self
        return definition
    }

    // MARK: Decoding

    /// An object of this version in canonical form, and what the schema does not know: metadata by its type,
    /// the rest pruned.
    public func canonical(_ object: APIObject) throws(ObjectDecodingError) -> ObjectDecoder.Result {
        var json = object.json
        var unknown: [String] = []
        if let metadata = json["metadata"], !metadata.isNull {
            guard let type = Schema.shared.type("meta.v1.ObjectMeta") else {
                throw ObjectDecodingError("no type for object metadata")
            }
            let decoded = try ObjectDecoder.decode(metadata, as: type)
            json["metadata"] = .object(decoded.object)
            unknown = decoded.unknownFields.map { "metadata.\($0)" }
        }
        var pruner = SchemaPruner()
        pruner.pruneRoot(&json, schema)
        SchemaDefaulter.dropNulls(&json, schema)
        return ObjectDecoder.Result(object: json, unknownFields: unknown + pruner.unknownFields)
    }

    public func applyDefaults(_ object: inout APIObject) {
        SchemaDefaulter.fill(&object.json, schema)
        SchemaDefaulter.dropNulls(&object.json, schema)
    }

    // MARK: Reading

    private static let apiVersionPath = EncodedPath("apiVersion")

    /// Whether the stored bytes are what this version serves.
    public func servesAsStored(_ object: EncodedObject) -> Bool {
        isStorageVersion && object.revision > family.cleanRevision && !family.hasOldVersions
    }

    /// Whether an object as it is stored has this version.
    public func isOfThisVersion(_ object: EncodedObject) -> Bool {
        EncodedValue(object.bytes)[Self.apiVersionPath]?.isString(apiVersion) ?? false
    }

    /// A stored object in the version in which it is stored, as the present schema of that version shows it.
    public func decoded(_ object: EncodedObject) throws -> APIObject {
        var decoded = try APIObject(decoding: object)
        if object.revision > family.cleanRevision { return decoded }
        let name = decoded.apiVersion.split(separator: "/").last.map(String.init) ?? ""
        if let stored = family.version(name) {
            CustomResource(family, stored).bringUpToDate(&decoded)
        }
        return decoded
    }

    private func bringUpToDate(_ object: inout APIObject) {
        var pruner = SchemaPruner()
        pruner.pruneRoot(&object.json, schema)
        applyDefaults(&object)
    }

    /// A stored object in this version where only the apiVersion has to change.
    public func read(_ object: EncodedObject) throws -> APIObject {
        var decoded = try decoded(object)
        decoded["apiVersion"] = .string(apiVersion)
        return decoded
    }

    /// An object of this version as it is stored, where only the apiVersion has to change: as the schema of
    /// the storage version shows it.
    public func stored(_ object: APIObject) -> APIObject {
        guard !isStorageVersion, let storage = family.version(family.storageVersion) else { return object }
        var stored = object
        stored["apiVersion"] = .string(storageAPIVersion)
        CustomResource(family, storage).bringUpToDate(&stored)
        return stored
    }
}

extension CustomResource: Hashable {
    public static func == (left: CustomResource, right: CustomResource) -> Bool { left === right }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
