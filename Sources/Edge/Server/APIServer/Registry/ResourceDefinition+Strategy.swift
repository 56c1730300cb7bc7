internal import EdgeAPI

extension ResourceStrategy {
    static func of(_ resource: ResourceDefinition) -> ResourceStrategy {
        of(group: resource.group, kind: resource.kind)
    }
}

extension Defaulter {
    static func apply(to object: inout APIObject, resource: ResourceDefinition) {
        apply(to: &object, group: resource.group, kind: resource.kind)
    }
}
