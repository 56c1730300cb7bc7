internal import EdgeAPI

/// The resources that the API serves, some of them in two versions of the same objects.
enum ServedResources {
    static let all = Schema.shared.resources

    static func find(group: String, version: String, resource: String) -> ResourceDefinition? {
        Schema.shared.resource(group: group, version: version, resource: resource)
    }

    /// The definition in the version in which the objects are stored, which the registry works with.
    static func stored(_ resource: ResourceDefinition) -> ResourceDefinition {
        resource.isStorageVersion
            ? resource
            : find(
                group: resource.storageGroup, version: resource.storageVersion, resource: resource.resource)
                ?? resource
    }
}
