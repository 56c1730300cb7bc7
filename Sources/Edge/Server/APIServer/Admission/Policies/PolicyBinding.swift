internal import EdgeAPI
internal import EdgeJSON

/// A `ValidatingAdmissionPolicyBinding` or `MutatingAdmissionPolicyBinding`: where a policy holds, with which
/// parameters, and what follows from its findings.
struct PolicyBinding: Sendable {
    let name: String
    let policy: String
    let match: PolicyMatch
    let param: ParamReference?
    /// `Deny`, `Warn`, `Audit`; empty for mutating ones.
    let actions: [String]

    struct ParamReference: Sendable {
        /// Empty for all that the selector finds.
        let name: String
        /// Empty for the namespace of the request.
        let namespace: String
        let selector: LabelSelector?
        let deniesWithoutParams: Bool
    }

    init(_ object: APIObject) throws(SelectorError) {
        let spec = object["spec"] ?? .null
        name = object.name
        policy = spec["policyName"]?.string ?? ""
        match = try PolicyMatch(spec["matchResources"])
        actions = spec["validationActions"]?.strings ?? []
        guard let reference = spec["paramRef"], !reference.isNull else {
            param = nil
            return
        }
        let selector = reference["selector"]
        param = ParamReference(
            name: reference["name"]?.string ?? "", namespace: reference["namespace"]?.string ?? "",
            selector: selector == nil ? nil : try LabelSelector(object: selector),
            deniesWithoutParams: reference["parameterNotFoundAction"] != "Allow")
    }
}
