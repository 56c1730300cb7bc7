internal import EdgeAPI
internal import EdgeJSON

/// A CustomResourceDefinition takes effect with its commit, and stays until its objects are gone.
struct CustomResourceDefinitionBehavior: Behavior {
    let table: CustomResourceTable

    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        for warning in SchemaSupport.warnings(for: CustomResourceDefinition(object)) {
            context.warnings.add(warning)
        }
    }

    func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext
    ) throws {
        guard subresource.isEmpty else { return }
        let known = Set(SchemaSupport.warnings(for: CustomResourceDefinition(old)))
        for warning in SchemaSupport.warnings(for: CustomResourceDefinition(object))
        where !known.contains(warning) {
            context.warnings.add(warning)
        }
    }

    func problems(in object: APIObject, old: APIObject?, subresource: String) -> [FieldError] {
        guard subresource.isEmpty else { return [] }
        return CELRuleEngine().problems(
            in: CustomResourceDefinition(object), old: old.map(CustomResourceDefinition.init))
    }

    func didCommit(new: APIObject?, old: APIObject?) {
        guard let name = (new ?? old)?.name else { return }
        table.refresh(name)
    }

    /// The first request to delete only marks a definition.
    func hasFurtherFinalizers(_ object: APIObject) -> Bool { !object.isBeingDeleted }

    func willBeginDeletion(_ object: inout APIObject) {
        guard let now = object.deletionTimestamp else { return }
        let finalizer = CustomResourceDefinition.cleanupFinalizer
        if !object.finalizers.contains(finalizer) { object.finalizers.append(finalizer) }
        var definition = CustomResourceDefinition(object)
        definition.status.setCondition(
            "Terminating", .true, reason: "InstanceDeletionPending",
            message:
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
            now: now)
        object = definition.object
    }
}
