internal import EdgeAPI
internal import EdgeJSON

/// What a question about access must say to be one.
enum ReviewRules {
    static func check(_ review: APIObject, of resource: ResourceDefinition, namespace: String) throws {
        let spec = review["spec"] ?? .null
        if resource.storageName == "tokenreviews.authentication.k8s.io", spec["token"].text.isEmpty {
            throw APIStatus.badRequest("token is required for TokenReview in authentication")
        }
        guard resource.resource.hasSuffix("accessreviews") else { return }
        var errors: [FieldError] = []
        let asksResource = spec["resourceAttributes"] != nil
        if asksResource == (spec["nonResourceAttributes"] != nil) {
            errors.append(
                FieldError(
                    .invalid, asksResource ? "spec.nonResourceAttributes" : "spec.resourceAttributes",
                    value: (asksResource ? spec["nonResourceAttributes"] : nil) ?? .null,
                    detail: "exactly one of nonResourceAttributes or resourceAttributes must be specified"))
        }
        if !resource.resource.hasPrefix("self"), spec["user"].text.isEmpty, spec["groups"].strings.isEmpty {
            errors.append(
                FieldError(
                    .invalid, "spec.user", value: "",
                    detail: "at least one of user or group must be specified"))
        }
        if resource.resource.hasPrefix("local") {
            let asked = spec["resourceAttributes"]?["namespace"].text ?? ""
            if asked != namespace {
                errors.append(
                    FieldError(
                        .invalid, "spec.resourceAttributes.namespace", value: .string(asked),
                        detail: "must match metadata.namespace"))
            }
            if spec["nonResourceAttributes"] != nil {
                errors.append(
                    FieldError(
                        .invalid, "spec.nonResourceAttributes", value: spec["nonResourceAttributes"] ?? .null,
                        detail: "disallowed on this kind of request"))
            }
        }
        try Registry.requireValid(errors, resource, "")
    }
}
