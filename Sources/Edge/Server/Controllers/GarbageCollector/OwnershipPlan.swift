internal import EdgeAPI
internal import EdgeBase

/// What becomes of an object given what is known of its owners, by Kubernetes' garbage collection rules.
enum OwnershipPlan: Equatable {
    case keep
    /// All owners are gone, or the last ones wait for their dependents.
    case delete(foreground: Bool)
    /// Some owners are gone and others are not: only the dead references go.
    case removeReferences(Set<String>)

    /// What is known of one owner.
    enum Owner: Equatable {
        case present
        case absent
        /// It is being deleted in the foreground: it waits for this dependent to go first.
        case waitingForDependents
    }

    init(_ object: APIObject, owners: [String: Owner]) {
        let references = object.ownerReferences
        guard !references.isEmpty, !object.isBeingDeleted else {
            self = .keep
            return
        }
        let states = references.map { owners[$0.uid] ?? .present }
        if states.contains(.present) {
            let dead = Set(
                references.filter { owners[$0.uid] == .absent || owners[$0.uid] == .waitingForDependents }
                    .map(\.uid))
            self = dead.isEmpty ? .keep : .removeReferences(dead)
        } else if states.contains(.waitingForDependents) {
            let blocks = references.contains {
                $0.blocksOwnerDeletion && owners[$0.uid] == .waitingForDependents
            }
            self = .delete(foreground: blocks)
        } else {
            self = .delete(foreground: false)
        }
    }
}
