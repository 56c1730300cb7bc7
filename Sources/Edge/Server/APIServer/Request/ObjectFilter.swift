internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// The label and field selector of a LIST or WATCH, applied to stored bytes. Labels are read where they lie in
/// the encoded object; only fields other than name and namespace need the object decoded.
struct ObjectFilter: Sendable {
    private static let labelsPath = EncodedPath("metadata", "labels")

    private let labels: LabelSelector
    private let fields: FieldSelector
    private let resource: String

    init(_ query: ListQuery, resource: ResourceDefinition) {
        labels = query.labels
        fields = query.fields
        self.resource = resource.storageName
    }

    var matchesEverything: Bool { labels.matchesEverything && fields.matchesEverything }

    func matches(_ object: EncodedObject) -> Bool {
        matchesLabels(object) && matchesFields(object)
    }

    private func matchesLabels(_ object: EncodedObject) -> Bool {
        guard !labels.matchesEverything else { return true }
        var present: [String: String] = [:]
        EncodedValue(object.bytes)[Self.labelsPath]?.forEachStringMember { key, value in
            present[key] = value.string
            return true
        }
        return labels.matches(present)
    }

    private func matchesFields(_ object: EncodedObject) -> Bool {
        guard !fields.matchesEverything else { return true }
        let needsObject = fields.terms.contains {
            $0.field != "metadata.name" && $0.field != "metadata.namespace"
        }
        guard needsObject else {
            return fields.matches { $0 == "metadata.name" ? object.key.name : object.key.namespace }
        }
        guard let decoded = try? APIObject(decoding: object) else { return false }
        return fields.matches(decoded, resource: resource)
    }

    enum Outcome: Equatable {
        case invisible, added, modified, deleted
    }

    /// What a watcher with this filter sees of a change: an object that comes to match is added, one that
    /// ceases to match is deleted.
    func outcome(of change: ObjectChange) -> Outcome {
        if matchesEverything {
            switch change.kind {
            case .added: return .added
            case .modified: return .modified
            case .deleted: return .deleted
            }
        }
        let didMatch = change.previous.map(matches) ?? false
        let doesMatch = change.kind != .deleted && matches(change.object)
        switch (didMatch, doesMatch) {
        case (false, false): return .invisible
        case (false, true): return .added
        case (true, true): return .modified
        case (true, false): return .deleted
        }
    }
}
