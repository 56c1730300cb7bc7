internal import EdgeAPI
internal import EdgeBase

/// The label and field selector of a LIST or WATCH, applied to stored bytes.
struct ObjectFilter: Sendable {
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
        if matchesEverything { return true }
        guard let decoded = try? APIObject(decoding: object) else { return false }
        return labels.matches(decoded) && fields.matches(decoded, resource: resource)
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
