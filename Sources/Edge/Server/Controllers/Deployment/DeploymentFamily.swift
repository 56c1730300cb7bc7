internal import EdgeAPI
internal import EdgeBase

/// A Deployment's ReplicaSets: the one of the present template, and the others from old to new.
struct DeploymentFamily {
    private(set) var new: ReplicaSet?
    private(set) var old: [ReplicaSet]

    init(_ sets: [ReplicaSet], template: PodTemplateSpec) {
        let ordered = sets.sorted {
            ($0.creationTimestamp ?? .distantPast, $0.name) < ($1.creationTimestamp ?? .distantPast, $1.name)
        }
        new = ordered.first { TemplateHash.areEqual($0.spec.template, template) }
        let newUID = new?.uid
        old = ordered.filter { $0.uid != newUID }
    }

    var all: [ReplicaSet] { old + [new].compactMap { $0 } }

    mutating func add(_ set: ReplicaSet) { new = set }

    /// Takes over a newer version of a set.
    mutating func replace(_ set: ReplicaSet) {
        if new?.uid == set.uid { new = set }
        old = old.map { $0.uid == set.uid ? set : $0 }
    }
}
