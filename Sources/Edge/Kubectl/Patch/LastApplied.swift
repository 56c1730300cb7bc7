internal import EdgeAPI
internal import EdgeJSON

/// The annotation in which client-side apply keeps what the user last applied.
enum LastApplied {
    static let key = "kubectl.kubernetes.io/last-applied-configuration"

    /// The object with the annotation telling the object itself (without the annotation).
    static func annotated(_ object: APIObject) -> APIObject {
        var plain = object
        plain[annotation: key] = nil
        if plain[path: "metadata", "annotations"] == nil {
            plain[path: "metadata", "annotations"] = [:]
        }
        var annotated = object
        annotated[annotation: key] = GoJSON.compact(plain.value) + "\n"
        return annotated
    }

    /// What was applied last; nil when the object was never applied or the annotation is broken.
    static func read(_ object: APIObject) -> JSONValue? {
        guard let text = object[annotation: key] else { return nil }
        return try? JSONParser.parse(Array(text.utf8))
    }

    /// An object that has the annotation keeps it up to date when it is edited or replaced.
    static func updatedIfPresent(_ object: APIObject) -> APIObject {
        object[annotation: key] == nil ? object : annotated(object)
    }
}
