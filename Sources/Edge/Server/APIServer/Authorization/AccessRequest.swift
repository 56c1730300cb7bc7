/// One question to the authorizers: may this user do this?
public struct AccessRequest: Sendable {
    public enum Target: Sendable {
        case resource(group: String, resource: String, subresource: String, namespace: String, name: String)
        case path(String)
    }

    public var user: UserInfo
    public var verb: String
    public var target: Target

    public init(user: UserInfo, verb: String, target: Target) {
        self.user = user
        self.verb = verb
        self.target = target
    }

    public init(user: UserInfo, info: RequestInfo) {
        self.user = user
        verb = info.verb
        target =
            info.isResourceRequest
            ? .resource(
                group: info.group, resource: info.resource, subresource: info.subresource,
                namespace: info.namespace, name: info.name)
            : .path(info.path)
    }
}

public enum AccessDecision: Sendable, Equatable {
    case allowed(reason: String)
    /// Nobody had anything to say for it. The reason may be empty.
    case denied(reason: String)

    public var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }
}

/// An authorizer answers from memory, at once: it is asked on the connection's event loop.
public protocol Authorizer: Sendable {
    func authorize(_ request: AccessRequest) -> AccessDecision
}

/// Asks each authorizer in turn; the first that allows decides.
public struct AuthorizerChain: Authorizer {
    private let authorizers: [any Authorizer]

    public init(_ authorizers: [any Authorizer]) {
        self.authorizers = authorizers
    }

    public func authorize(_ request: AccessRequest) -> AccessDecision {
        if request.user.isMember(of: UserInfo.Group.masters) { return .allowed(reason: "") }
        var reason = ""
        for authorizer in authorizers {
            switch authorizer.authorize(request) {
            case .allowed(let reason): return .allowed(reason: reason)
            case .denied(let why): if !why.isEmpty { reason = why }
            }
        }
        return .denied(reason: reason)
    }
}
