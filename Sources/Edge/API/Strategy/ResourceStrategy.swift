internal import EdgeJSON

/// What the server does to the objects of one kind around a write, beyond defaulting and validation.
public struct ResourceStrategy: Sendable {
    /// Whether there is a `status` that only the status subresource may change.
    public var hasStatus: Bool
    /// Whether `metadata.generation` counts the changes of what the user wants.
    public var tracksGeneration: Bool
    /// Whether an update without a resourceVersion is allowed to overwrite whatever is there.
    public var allowsUnconditionalUpdate: Bool
    /// Whether a PUT to a name that does not exist creates the object.
    public var allowsCreateOnUpdate: Bool
    public var nameRule: NameRule

    /// Whether the generation also counts changes of the annotations, which ReplicaSets inherit.
    var countsAnnotations: Bool
    /// Whether the generation counts changes of the status, which is a part of the object like others.
    var countsStatus = false
    /// Whether a write to the status subresource leaves the metadata alone.
    var statusKeepsMetadata = false
    var create: Create?
    var update: Update?

    typealias Create = @Sendable (inout APIObject) -> Void
    typealias Update = @Sendable (_ new: inout APIObject, _ old: APIObject) -> Void

    init(
        hasStatus: Bool = true, tracksGeneration: Bool = false, allowsUnconditionalUpdate: Bool = true,
        allowsCreateOnUpdate: Bool = false, nameRule: NameRule = .subdomain,
        countsAnnotations: Bool = false, create: Create? = nil, update: Update? = nil
    ) {
        self.hasStatus = hasStatus
        self.tracksGeneration = tracksGeneration
        self.allowsUnconditionalUpdate = allowsUnconditionalUpdate
        self.allowsCreateOnUpdate = allowsCreateOnUpdate
        self.nameRule = nameRule
        self.countsAnnotations = countsAnnotations
        self.create = create
        self.update = update
    }

    /// The strategy of objects of a CustomResourceDefinition.
    public static func custom(hasStatus: Bool) -> ResourceStrategy {
        var strategy = ResourceStrategy(
            hasStatus: hasStatus, tracksGeneration: true, allowsUnconditionalUpdate: false)
        strategy.countsStatus = !hasStatus
        strategy.statusKeepsMetadata = true
        return strategy
    }
}

extension ResourceStrategy {
    /// Prepares a new object: drops the status, or sets the one that it begins with. Name, namespace and uid
    /// are set already, since Jobs make their selector from them.
    public func prepareForCreate(_ object: inout APIObject) {
        if hasStatus { object["status"] = Self.emptyStatus(of: object) }
        object[path: "metadata", "generation"] = tracksGeneration ? 1 : nil
        create?(&object)
    }

    /// Prepares a replacement: keeps the status, and counts the generation up when something other than
    /// status and metadata has changed.
    public func prepareForUpdate(_ new: inout APIObject, old: APIObject) {
        if hasStatus { new["status"] = old["status"] }
        update?(&new, old)
        new[path: "metadata", "generation"] = old[path: "metadata", "generation"]
        let isSame =
            Self.wantsTheSame(new, old) && (!countsStatus || new["status"] == old["status"])
            && (!countsAnnotations
                || new[path: "metadata", "annotations"] == old[path: "metadata", "annotations"])
        if tracksGeneration, !isSame {
            new[path: "metadata", "generation"] = .int(old.generation + 1)
        }
    }

    /// Prepares a write to the status subresource: everything but status and metadata stays as it was.
    public func prepareForStatusUpdate(_ new: inout APIObject, old: APIObject) {
        let status = new["status"]
        let metadata = new["metadata"]
        new = old
        if statusKeepsMetadata {
            let managers = metadata?["managedFields"]
            new["status"] = status
            new[path: "metadata", "managedFields"] = managers
            new[path: "metadata", "resourceVersion"] = metadata?["resourceVersion"]
            return
        }
        new["metadata"] = metadata
        new["status"] = status
        for key in ["generation", "ownerReferences", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            new[path: "metadata", key] = old[path: "metadata", key]
        }
    }

    /// What Kubernetes writes as the status of which nothing is known yet: `{}`, or counters at zero.
    private static func emptyStatus(of object: APIObject) -> JSONValue? {
        let schema = Schema.shared
        guard let field = schema.kind(apiVersion: object.apiVersion, kind: object.kind)?.field("status"),
            field.isStructHeldByValue, case .object(let id) = field.value
        else { return nil }
        return schema.emptyValues[Int(id.index)]
    }

    /// Whether two versions agree in everything but status, metadata and type.
    private static func wantsTheSame(_ new: APIObject, _ old: APIObject) -> Bool {
        func wanted(_ object: APIObject) -> JSONObject {
            var json = object.json
            json.removeAll { ["metadata", "status", "apiVersion", "kind"].contains($0.key) }
            return json
        }
        return wanted(new) == wanted(old)
    }
}
