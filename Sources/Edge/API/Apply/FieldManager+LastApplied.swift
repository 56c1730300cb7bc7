internal import EdgeJSON

/// The passage from client-side to server-side apply, and keeping both possible.
extension FieldManager {
    /// The fields of the configuration that kubectl recorded in its annotation, as far as the object still
    /// has those values; nil when there is none.
    func fieldsOfLastApplied(_ live: JSONObject) -> FieldSet? {
        guard let recorded = try? LastApplied.original(of: live),
            recorded["apiVersion"] == live["apiVersion"],
            let last = try? ApplyConfiguration(recorded, type: definition, schema: schema)
        else { return nil }
        let comparison = ObjectComparison(last.object, live, type: type, schema)
        return FieldSet(of: last.object, type: type, schema)
            .subtracting(comparison.changed).subtracting(comparison.removed)
    }

    /// Writes the applied configuration into the annotation where there is one, so that client-side apply
    /// goes on from it.
    static func renewLastApplied(_ object: inout JSONObject, _ configuration: JSONObject) {
        let annotation = LastApplied.annotation
        guard var metadata = object["metadata"]?.object, var annotations = metadata["annotations"]?.object,
            let present = annotations[annotation]?.string, !present.isEmpty
        else { return }
        annotations[annotation] = .string(LastApplied.text(of: configuration))
        metadata["annotations"] = .object(annotations)
        object["metadata"] = .object(metadata)
    }
}
