internal import EdgeAPI

/// The resources that this version serves: those whose objects are stored in the form in which they are asked
/// for. Second versions of the same objects (autoscaling/v1, events.k8s.io) follow with conversion.
enum ServedResources {
    static let all = Schema.shared.resources.filter {
        $0.group == $0.storageGroup && $0.version == $0.storageVersion
    }

    static func find(group: String, version: String, resource: String) -> ResourceDefinition? {
        guard let found = Schema.shared.resource(group: group, version: version, resource: resource),
            found.group == found.storageGroup, found.version == found.storageVersion
        else { return nil }
        return found
    }
}
