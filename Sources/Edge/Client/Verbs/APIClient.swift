public import EdgeAPI
public import EdgeBase
public import EdgeJSON

/// The verbs of the API, the same for a caller within the server process and for one on another host.
/// Every call is made under the identity that the client was made with, and passes authorization, admission
/// and validation. Failures are thrown as `APIStatus`.
public protocol APIClient: Sendable {
    func get(_ key: ObjectKey) async throws -> EncodedObject

    /// The objects of one resource; `namespace` nil means all namespaces.
    func list(_ resource: String, namespace: String?, options: ListOptions) async throws -> ObjectList

    /// Creates `object` in its own `metadata.namespace`.
    func create(_ resource: String, _ object: APIObject) async throws -> EncodedObject

    /// Creates by posting to a subresource: `binding`, `eviction`, `token`. The reply need not be a stored object.
    func post(_ key: ObjectKey, subresource: String, _ object: APIObject) async throws -> APIObject

    /// Replaces the object, or its `status` when that is the subresource. A resourceVersion in `object` must
    /// be the current one; without one the write is unconditional where the resource permits it.
    func update(_ resource: String, _ object: APIObject, subresource: String?) async throws -> EncodedObject

    func patch(_ key: ObjectKey, _ patch: Patch, subresource: String?) async throws -> EncodedObject

    func delete(_ key: ObjectKey, options: DeleteOptions) async throws
}

extension APIClient {
    public func list(_ resource: String, namespace: String? = nil) async throws -> ObjectList {
        try await list(resource, namespace: namespace, options: ListOptions())
    }

    public func update(_ resource: String, _ object: APIObject) async throws -> EncodedObject {
        try await update(resource, object, subresource: nil)
    }

    public func updateStatus(_ resource: String, _ object: APIObject) async throws -> EncodedObject {
        try await update(resource, object, subresource: "status")
    }

    public func patch(_ key: ObjectKey, _ patch: Patch) async throws -> EncodedObject {
        try await self.patch(key, patch, subresource: nil)
    }

    public func delete(_ key: ObjectKey) async throws {
        try await delete(key, options: DeleteOptions())
    }
}

/// What a LIST is narrowed by.
public struct ListOptions: Sendable, Hashable {
    /// As in the query parameter: `app=web,tier!=db`; empty for all.
    public var labelSelector: String
    public var fieldSelector: String
    public var limit: Int?
    public var continueToken: String?

    public init(
        labelSelector: String = "", fieldSelector: String = "", limit: Int? = nil,
        continueToken: String? = nil
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.limit = limit
        self.continueToken = continueToken
    }
}

/// The answer to a LIST.
public struct ObjectList: Sendable {
    public let objects: [EncodedObject]
    /// The revision that the list shows; a watch that goes on from here misses nothing.
    public let revision: UInt64
    public let continueToken: String?

    public init(objects: [EncodedObject], revision: UInt64, continueToken: String? = nil) {
        self.objects = objects
        self.revision = revision
        self.continueToken = continueToken
    }
}

/// A PATCH body with its kind.
public struct Patch: Sendable {
    public enum Kind: String, Sendable {
        case json = "application/json-patch+json"
        case merge = "application/merge-patch+json"
        case strategicMerge = "application/strategic-merge-patch+json"
        case apply = "application/apply-patch+yaml"
    }

    public var kind: Kind
    public var body: JSONValue

    public init(_ kind: Kind, _ body: JSONValue) {
        self.kind = kind
        self.body = body
    }
}

/// `metav1.DeleteOptions`, reduced to what callers within edge use.
public struct DeleteOptions: Sendable {
    public enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    public var gracePeriodSeconds: Int64?
    public var propagation: Propagation?
    /// The delete fails with a conflict unless the object still has this uid.
    public var uid: String?
    public var resourceVersion: String?

    public init(
        gracePeriodSeconds: Int64? = nil, propagation: Propagation? = nil, uid: String? = nil,
        resourceVersion: String? = nil
    ) {
        self.gracePeriodSeconds = gracePeriodSeconds
        self.propagation = propagation
        self.uid = uid
        self.resourceVersion = resourceVersion
    }
}
