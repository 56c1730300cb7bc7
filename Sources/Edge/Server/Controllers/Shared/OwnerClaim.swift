internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// Which objects belong to an owner: those that it controls and that match its selector. Others that match
/// and have no controller are adopted, own ones that match no longer are let go.
enum OwnerClaim: Equatable {
    case keep, adopt, release, ignore

    static func decide(_ object: APIObject, owner: APIObject, selector: LabelSelector) -> OwnerClaim {
        let matches = selector.matches(object)
        if let controller = object.controllerReference {
            guard controller.uid == owner.uid else { return .ignore }
            if matches { return .keep }
            return owner.isBeingDeleted ? .ignore : .release
        }
        guard matches, !owner.isBeingDeleted, !object.isBeingDeleted, !selector.matchesEverything else {
            return .ignore
        }
        return .adopt
    }

    /// The patch that carries out an adoption or a release, bound to the object's uid.
    func patch(_ object: APIObject, owner: APIObject) -> Patch? {
        switch self {
        case .keep, .ignore: return nil
        case .adopt:
            var references = object.ownerReferences
            references.append(OwnerReference(controller: owner))
            return Self.patch(object, references)
        case .release:
            return Self.patch(object, object.ownerReferences.filter { $0.uid != owner.uid })
        }
    }

    private static func patch(_ object: APIObject, _ references: [OwnerReference]) -> Patch {
        Patch(
            .merge,
            [
                "metadata": [
                    "uid": .string(object.uid), "resourceVersion": .string(object.resourceVersion),
                    "ownerReferences": references.isEmpty ? .null : .array(references.map(\.value)),
                ]
            ])
    }
}
