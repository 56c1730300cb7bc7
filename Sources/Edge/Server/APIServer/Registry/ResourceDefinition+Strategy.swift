internal import EdgeAPI

/// The rules of a resource's kind, found by its definition.
extension ResourceStrategy {
    static func of(_ resource: ResourceDefinition) -> ResourceStrategy {
        if let custom = resource.custom { return .custom(hasStatus: custom.version.hasStatus) }
        return of(group: resource.group, kind: resource.kind)
    }
}

extension Defaulter {
    static func apply(to object: inout APIObject, resource: ResourceDefinition) {
        if let custom = resource.custom {
            custom.applyDefaults(&object)
        } else {
            apply(to: &object, group: resource.group, kind: resource.kind)
        }
    }
}

extension ObjectValidator {
    static func validateCreate(_ object: APIObject, resource: ResourceDefinition) -> [FieldError] {
        if let custom = resource.custom { return custom.validateCreate(object) }
        return validateCreate(
            object, group: resource.group, kind: resource.kind, isNamespaced: resource.isNamespaced)
    }

    static func validateUpdate(
        _ object: APIObject, old: APIObject, resource: ResourceDefinition
    ) -> [FieldError] {
        if let custom = resource.custom { return custom.validateUpdate(object, old: old) }
        return validateUpdate(
            object, old: old, group: resource.group, kind: resource.kind, isNamespaced: resource.isNamespaced)
    }

    static func validateStatusUpdate(
        _ object: APIObject, old: APIObject, resource: ResourceDefinition
    ) -> [FieldError] {
        if let custom = resource.custom { return custom.validateStatusUpdate(object, old: old) }
        return validateStatusUpdate(object, old: old, group: resource.group, kind: resource.kind)
    }
}
