internal import EdgeAPI
internal import EdgeJSON

/// A request as expressions of admission see it: those of policies and the match conditions of webhooks.
struct AdmissionAttributes: Sendable {
    let operation: AdmissionRequest.Operation
    /// The resource in the version in which the objects below are shown: that of the rule which matched.
    var resource: ResourceDefinition
    /// The resource in the version of the request.
    let requested: ResourceDefinition
    let subresource: String
    /// Of requests for a namespace its own name.
    let namespace: String
    let name: String
    let user: UserInfo
    var object: APIObject?
    let old: APIObject?
    /// The request's options, an object with kind and version; nil for connections.
    let options: JSONValue?
    let isDryRun: Bool
    /// Who answers what expressions ask about permissions.
    let authorizer: (any Authorizer)?

    init(
        operation: AdmissionRequest.Operation, resource: ResourceDefinition,
        requested: ResourceDefinition? = nil, subresource: String = "", namespace: String, name: String,
        user: UserInfo, object: APIObject?, old: APIObject?, options: JSONValue? = nil,
        isDryRun: Bool = false, authorizer: (any Authorizer)?
    ) {
        self.operation = operation
        self.resource = resource
        self.requested = requested ?? resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
        self.user = user
        self.object = object
        self.old = old
        self.options = options
        self.isDryRun = isDryRun
        self.authorizer = authorizer
    }
}
