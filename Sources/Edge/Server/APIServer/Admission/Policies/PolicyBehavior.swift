internal import EdgeAPI
internal import EdgeJSON

/// Policies are checked with their expressions, and validating ones told in their status what the schemas of
/// the kinds that they name say of these.
struct PolicyBehavior: Behavior {
    enum Kind {
        case validating, mutating, validatingBinding, mutatingBinding
    }

    let kind: Kind
    let customResources: CustomResourceTable

    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        note(&object)
    }

    func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext
    ) throws {
        if subresource.isEmpty, object["spec"] != old["spec"] { note(&object) }
    }

    func problems(in object: APIObject, old: APIObject?, subresource: String) -> [FieldError] {
        guard subresource.isEmpty else { return [] }
        return switch kind {
        case .validating: PolicyChecker.errors(inValidating: object)
        case .mutating: PolicyChecker.errors(inMutating: object)
        case .validatingBinding: PolicyBindingChecker.errors(in: object, isMutating: false)
        case .mutatingBinding: PolicyBindingChecker.errors(in: object, isMutating: true)
        }
    }

    private func note(_ object: inout APIObject) {
        guard kind == .validating else { return }
        var status = object["status"]?.object ?? JSONObject()
        status["observedGeneration"] = .int(object.generation)
        let warnings = PolicyTypeChecker(customResources).warnings(for: object)
        var found = JSONObject()
        if !warnings.isEmpty { found["expressionWarnings"] = .array(warnings) }
        status["typeChecking"] = .object(found)
        object["status"] = .object(status)
    }
}
