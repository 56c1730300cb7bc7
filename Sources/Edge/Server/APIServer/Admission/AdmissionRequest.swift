public import EdgeAPI

/// What an admission plugin sees of a write.
public struct AdmissionRequest: Sendable {
    public enum Operation: String, Sendable {
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"
        case connect = "CONNECT"
    }

    public let operation: Operation
    public let resource: ResourceDefinition
    public let subresource: String
    public let namespace: String
    public let name: String
    public let user: UserInfo
    /// The object as it is to be stored; nil for deletions and connections.
    public var object: APIObject?
    /// The object as it is; nil for creations.
    public let old: APIObject?
    public let isDryRun: Bool
    /// Where warnings for the client gather.
    var warnings: RequestContext.Warnings?

    /// Whether this write concerns `resource` itself, not one of its subresources.
    public func concerns(_ resource: String, _ operations: Operation...) -> Bool {
        self.resource.storageName == resource && subresource.isEmpty && operations.contains(operation)
    }
}

/// One rule of admission. All mutations happen before any validation.
public protocol AdmissionPlugin: Sendable {
    var name: String { get }
    func mutate(_ request: inout AdmissionRequest) throws
    func validate(_ request: AdmissionRequest) throws
}

extension AdmissionPlugin {
    public func mutate(_ request: inout AdmissionRequest) throws {}
    public func validate(_ request: AdmissionRequest) throws {}
}

/// The plugins in Kubernetes' order.
public struct AdmissionChain: Sendable {
    private let plugins: [any AdmissionPlugin]
    /// Those that validate after everybody else has agreed, webhooks included.
    private let last: [any AdmissionPlugin]

    public init(_ plugins: [any AdmissionPlugin], last: [any AdmissionPlugin] = []) {
        self.plugins = plugins
        self.last = last
    }

    func mutate(_ request: inout AdmissionRequest) throws {
        for plugin in plugins { try plugin.mutate(&request) }
    }

    func validate(_ request: AdmissionRequest) throws {
        for plugin in plugins { try plugin.validate(request) }
    }

    func conclude(_ request: AdmissionRequest) throws {
        for plugin in last { try plugin.validate(request) }
    }
}
