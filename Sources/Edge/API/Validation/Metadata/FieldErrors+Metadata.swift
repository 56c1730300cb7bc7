internal import EdgeJSON

/// The rules for `metadata`, the same for all kinds.
extension FieldErrors {
    static let maximumAnnotationBytes = 256 * 1024

    mutating func checkMetadata(_ object: APIObject, isNamespaced: Bool, rule: NameRule) {
        let path = FieldPath.metadata
        let generateName = object.generateName
        if !generateName.isEmpty {
            invalid(path["generateName"], generateName, rule.messages(generateName, isPrefix: true))
        }
        if object.name.isEmpty {
            required(path["name"], "name or generateName is required")
        } else {
            invalid(path["name"], object.name, rule.messages(object.name))
        }
        if !isNamespaced {
            if !object.namespace.isEmpty { forbidden(path["namespace"], "not allowed on this type") }
        } else if object.namespace.isEmpty {
            required(path["namespace"])
        } else {
            invalid(path["namespace"], object.namespace, NameRule.label.messages(object.namespace))
        }
        checkSharedMetadata(object, path)
        checkFinalizers(object.finalizers, path["finalizers"])
    }

    mutating func checkMetadataUpdate(_ object: APIObject, old: APIObject) {
        let path = FieldPath.metadata
        if old.isBeingDeleted { checkNoNewFinalizers(object.finalizers, old.finalizers, path["finalizers"]) }
        if object.resourceVersion.isEmpty {
            invalid(path["resourceVersion"], "", "must be specified for an update")
        }
        if object.generation < old.generation {
            invalid(path["generation"], Int(object.generation), "must not be decremented")
        }
        let fixed = [
            "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp",
            "deletionGracePeriodSeconds",
        ]
        for key in fixed {
            immutable(path[key], object[path: "metadata", key], old[path: "metadata", key])
        }
        checkSharedMetadata(object, path)
    }

    private mutating func checkSharedMetadata(_ object: APIObject, _ path: FieldPath) {
        nonNegative(path["generation"], Int(object.generation))
        checkLabels(object.labels, path["labels"])
        checkAnnotations(object.annotations, path["annotations"])
        checkOwners(object, path["ownerReferences"])
    }

    mutating func checkLabels(_ labels: [String: String], _ path: FieldPath) {
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            invalid(path, key, Names.labelKey(key))
            invalid(path, value, Names.labelValue(value))
        }
    }

    mutating func checkAnnotations(_ annotations: [String: String], _ path: FieldPath) {
        var size = 0
        for (key, value) in annotations.sorted(by: { $0.key < $1.key }) {
            // As label keys, but in any case.
            invalid(path, key, Names.labelKey(key.lowercased()))
            size += key.utf8.count + value.utf8.count
        }
        if size > Self.maximumAnnotationBytes { tooLong(path, maximum: Self.maximumAnnotationBytes) }
    }

    mutating func checkFinalizers(_ finalizers: [String], _ path: FieldPath) {
        for finalizer in finalizers { invalid(path, finalizer, Names.labelKey(finalizer)) }
        if finalizers.contains("orphan"), finalizers.contains("foregroundDeletion") {
            invalid(
                path, .array(finalizers.map(JSONValue.string)),
                "finalizer foregroundDeletion and orphan cannot be both set")
        }
    }

    mutating func checkNoNewFinalizers(_ new: [String], _ old: [String], _ path: FieldPath) {
        let added = Set(new).subtracting(old).sorted()
        guard !added.isEmpty else { return }
        let list = added.map(\.goQuoted).joined(separator: ", ")
        forbidden(
            path,
            "no new finalizers can be added if the object is being deleted, found new finalizers "
                + "[]string{\(list)}")
    }

    private mutating func checkOwners(_ object: APIObject, _ path: FieldPath) {
        var controller: String?
        for (index, owner) in object.ownerReferences.enumerated() {
            checkOwner(owner, path[index])
            guard owner.isController else { continue }
            let name = "\(owner.kind)/\(owner.name)"
            if let controller {
                invalid(
                    path, object[path: "metadata", "ownerReferences"] ?? .null,
                    "Only one reference can have Controller set to true. Found \"true\" in references for "
                        + "\(controller) and \(name)")
            } else {
                controller = name
            }
        }
    }

    private mutating func checkOwner(_ owner: OwnerReference, _ path: FieldPath) {
        let parts = owner.apiVersion.split(separator: "/", omittingEmptySubsequences: false)
        if owner.apiVersion.isEmpty {
            required(path["apiVersion"], "must not be empty")
        } else if parts.count > 2 || parts.last?.isEmpty ?? true {
            invalid(path["apiVersion"], owner.apiVersion, "must be <group>/<version> or <version>")
        }
        if owner.kind.isEmpty { required(path["kind"], "must not be empty") }
        if owner.name.isEmpty { required(path["name"], "must not be empty") }
        if owner.uid.isEmpty { required(path["uid"], "must not be empty") }
        if owner.apiVersion == "v1", owner.kind == "Event" {
            invalid(path, owner.value, "/v1, Kind=Event is disallowed from being an owner")
        }
    }
}
