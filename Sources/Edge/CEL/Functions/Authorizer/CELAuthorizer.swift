/// Who decides what `authorizer` checks in an expression. It answers at once, from memory.
public protocol CELAuthorizer: Sendable {
    func authorize(_ request: CELAuthorizationRequest) -> CELAuthorizationDecision
}

/// What an expression asks the authorizer.
public struct CELAuthorizationRequest: Sendable, Equatable {
    /// The service account that the expression asks for instead of the request's user.
    public var serviceAccount: ServiceAccount?
    /// A path that is no resource; the other fields but `verb` are empty then.
    public var path: String?
    public var verb = ""
    public var group = ""
    public var resource = ""
    public var subresource = ""
    public var namespace = ""
    public var name = ""
    public var fieldSelector = ""
    public var labelSelector = ""

    public init() {}

    public struct ServiceAccount: Sendable, Equatable {
        public let namespace: String
        public let name: String

        public init(namespace: String, name: String) {
            self.namespace = namespace
            self.name = name
        }
    }
}

/// What the authorizer said.
public struct CELAuthorizationDecision: Sendable {
    public let isAllowed: Bool
    public let reason: String
    /// Why there was no decision, if there was none.
    public let error: String?

    public init(isAllowed: Bool, reason: String = "", error: String? = nil) {
        self.isAllowed = isAllowed
        self.reason = reason
        self.error = error
    }
}

extension CELValue {
    /// The variable `authorizer`.
    public static func authorizer(_ authorizer: any CELAuthorizer) -> CELValue {
        .opaque(
            AuthorizerValue(kind: .authorizer, authorizer: authorizer, request: CELAuthorizationRequest()))
    }

    /// The variable `authorizer.requestResource`: a check of the request's own resource.
    public static func resourceCheck(
        _ authorizer: any CELAuthorizer, _ request: CELAuthorizationRequest
    ) -> CELValue {
        .opaque(AuthorizerValue(kind: .resourceCheck, authorizer: authorizer, request: request))
    }
}

extension CELType {
    /// The type of the variable `authorizer`.
    public static let authorizer = CELType.opaque(AuthorizerValue.Kind.authorizer.rawValue)
    /// The type of the variable `authorizer.requestResource`.
    public static let resourceCheck = CELType.opaque(AuthorizerValue.Kind.resourceCheck.rawValue)
}
