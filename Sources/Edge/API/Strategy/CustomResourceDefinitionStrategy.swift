internal import EdgeJSON

extension ResourceStrategy {
    /// Notes in the status in which version objects are stored from now on. What was stored before stays on
    /// the list until somebody has migrated it and takes it off.
    static let recordStorageVersion: @Sendable (inout APIObject) -> Void = { object in
        let storage = CustomResourceDefinition(object).storageVersion
        var versions = object[path: "status", "storedVersions"].strings
        if !storage.isEmpty, !versions.contains(storage) { versions.append(storage) }
        object[path: "status", "storedVersions"] = .array(versions.map(JSONValue.string))
    }
}
