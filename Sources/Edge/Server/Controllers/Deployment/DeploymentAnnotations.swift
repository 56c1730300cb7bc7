internal import EdgeAPI

/// The annotations by which a Deployment and its ReplicaSets remember revisions and sizes; kubectl reads them.
enum DeploymentAnnotations {
    static let revision = "deployment.kubernetes.io/revision"
    static let desiredReplicas = "deployment.kubernetes.io/desired-replicas"
    static let maxReplicas = "deployment.kubernetes.io/max-replicas"
    static let revisionHistory = "deployment.kubernetes.io/revision-history"
    private static let notCopied: Set<String> = [
        "kubectl.kubernetes.io/last-applied-configuration", revision, desiredReplicas, maxReplicas,
        revisionHistory,
        "deprecated.deployment.rollback.to",
    ]

    static func revision(of object: APIObject) -> Int { Int(object[annotation: revision] ?? "") ?? 0 }

    /// Brings a ReplicaSet's annotations up to the Deployment's.
    static func synchronize(_ set: inout ReplicaSet, with deployment: Deployment, revision number: Int) {
        var annotations = set.annotations
        for (key, value) in deployment.annotations where !notCopied.contains(key) { annotations[key] = value }
        let former = Int(annotations[revision] ?? "") ?? 0
        if former < number {
            if former > 0 {
                let history = (annotations[revisionHistory] ?? "").split(separator: ",").map(String.init)
                annotations[revisionHistory] = (history + [String(former)]).suffix(100).joined(separator: ",")
            }
            annotations[revision] = String(number)
        }
        set.annotations = annotations
        setSizes(&set, of: deployment)
    }

    static func setSizes(_ set: inout ReplicaSet, of deployment: Deployment) {
        let rolling = RollingUpdate(deployment)
        set[annotation: desiredReplicas] = String(rolling.wished)
        set[annotation: maxReplicas] = String(rolling.wished + rolling.maxSurgeIfRolling(deployment))
    }
}

extension RollingUpdate {
    func maxSurgeIfRolling(_ deployment: Deployment) -> Int {
        deployment.spec.strategy.type == "Recreate" ? 0 : maxSurge
    }
}
