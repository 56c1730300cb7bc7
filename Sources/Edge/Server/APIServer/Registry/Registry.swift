public import EdgeAPI
public import EdgeBase
internal import EdgeJSON
public import EdgeStorage

/// The one engine behind every resource: reading, creating, updating and deleting objects with defaulting,
/// admission, validation and compare-and-swap. What is special about a resource stands in its `Behavior`.
public struct Registry: Sendable {
    public let store: ObjectStore
    let admission: AdmissionChain
    let clock: any WallClock
    let behaviors: [String: any Behavior]
    /// Brings objects of custom resources to other versions where their definition names a webhook.
    var converter: any CustomResourceConverter = NoConverter()
    /// Asked after the admission plugins; nil where nobody can be asked.
    var webhooks: AdmissionWebhooks?
    /// Evaluated before webhooks are asked.
    var policies: AdmissionPolicies?

    public init(
        store: ObjectStore, admission: AdmissionChain, behaviors: [String: any Behavior],
        clock: any WallClock = SystemWallClock()
    ) {
        self.store = store
        self.admission = admission
        self.behaviors = behaviors
        self.clock = clock
    }

    func behavior(of resource: ResourceDefinition) -> any Behavior {
        behaviors[resource.storageName] ?? DefaultBehavior()
    }

    func key(_ resource: ResourceDefinition, _ namespace: String, _ name: String) -> ObjectKey {
        ObjectKey(resource: resource.storageName, namespace: namespace, name: name)
    }

    // MARK: Admission

    /// All that may change an object before it is validated.
    func admit(_ request: inout AdmissionRequest, _ context: RequestContext) async throws {
        try admission.mutate(&request)
        try await policies?.mutate(&request, context) { try admission.mutate(&$0) }
        guard context.asksWebhooks else { return }
        try await webhooks?.mutate(&request, context) {
            try admission.mutate(&$0)
            try await policies?.remutate(&$0, context)
        }
    }

    /// All that may refuse it. Quotas come last: what they have let in counts.
    func approve(_ request: AdmissionRequest, _ context: RequestContext) async throws {
        try admission.validate(request)
        try await policies?.validate(request, context)
        if context.asksWebhooks { try await webhooks?.validate(request, context) }
        try admission.conclude(request)
    }

    // MARK: Reading

    public func get(_ resource: ResourceDefinition, namespace: String, name: String) throws -> EncodedObject {
        guard let object = store.get(key(resource, namespace, name)) else {
            throw APIStatus.notFound(resource.qualifiedName, name)
        }
        return object
    }
}

/// What distinguishes one resource from the generic rules.
public protocol Behavior: Sendable {
    /// Fills in what only the server knows, before defaulting and validation: allocated addresses, system
    /// fields. Called for a dry run too; `commit` or `rollBack` follows.
    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws
    func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext) throws

    /// What is wrong with an object that is valid by the rules of its kind; `old` is nil for a creation.
    func problems(in object: APIObject, old: APIObject?, subresource: String) -> [FieldError]

    /// The write took place: `old` nil for a creation, `new` nil for a deletion.
    func didCommit(new: APIObject?, old: APIObject?)
    /// The write that was prepared did not take place.
    func rollBack(new: APIObject, old: APIObject?)

    /// The seconds between the request to delete and the deletion; nil when objects go at once.
    func gracePeriod(for object: APIObject, requested: Int64?) -> Int64?

    /// Finalizers other than `metadata.finalizers` that hold the object, as Namespaces have in their spec.
    func hasFurtherFinalizers(_ object: APIObject) -> Bool

    /// Called when deletionTimestamp is set.
    func willBeginDeletion(_ object: inout APIObject)

    /// How durable an update must be: what is worthless after a restart is not written to disk.
    func durability(new: APIObject, old: APIObject?) -> Mutation.Durability
}

extension Behavior {
    public func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {}
    public func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext
    ) throws {}
    public func problems(in object: APIObject, old: APIObject?, subresource: String) -> [FieldError] { [] }
    public func didCommit(new: APIObject?, old: APIObject?) {}
    public func rollBack(new: APIObject, old: APIObject?) {}
    public func gracePeriod(for object: APIObject, requested: Int64?) -> Int64? { nil }
    public func hasFurtherFinalizers(_ object: APIObject) -> Bool { false }
    public func willBeginDeletion(_ object: inout APIObject) {}
    public func durability(new: APIObject, old: APIObject?) -> Mutation.Durability { .durable }
}

struct DefaultBehavior: Behavior {}
