internal import EdgeAPI

/// The rules of a resource's kind, found by its definition.
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

extension ObjectValidator {
    static func validateCreate(_ object: APIObject, resource: ResourceDefinition) -> [FieldError] {
        validateCreate(
            object, group: resource.group, kind: resource.kind, isNamespaced: resource.isNamespaced)
    }

    static func validateUpdate(
        _ object: APIObject, old: APIObject, resource: ResourceDefinition
    ) -> [FieldError] {
        validateUpdate(
            object, old: old, group: resource.group, kind: resource.kind, isNamespaced: resource.isNamespaced)
    }

    static func validateStatusUpdate(
        _ object: APIObject, old: APIObject, resource: ResourceDefinition
    ) -> [FieldError] {
        validateStatusUpdate(object, old: old, group: resource.group, kind: resource.kind)
    }
}
