internal import EdgeAPI
internal import EdgeBase

/// The status that a Deployment has earned, by Kubernetes' rules of availability and progress.
struct DeploymentStatusReport {
    let status: DeploymentStatus
    let isComplete: Bool
    /// When the progress deadline is to be looked at again.
    let nextCheck: Duration?

    init(_ deployment: Deployment, _ family: DeploymentFamily, now: Timestamp) {
        var status = deployment.status
        let sets = family.all
        let available = sets.reduce(0) { $0 + $1.status.availableReplicas }
        let total = sets.reduce(0) { $0 + $1.status.replicas }
        status.observedGeneration = deployment.generation
        status.replicas = total
        status.updatedReplicas = family.new?.status.replicas ?? 0
        status.readyReplicas = sets.reduce(0) { $0 + $1.status.readyReplicas }
        status.availableReplicas = available
        status.unavailableReplicas = max(0, max(deployment.spec.replicas, total) - available)
        let complete =
            status.updatedReplicas == deployment.spec.replicas && total == deployment.spec.replicas
            && available == deployment.spec.replicas
            && family.new?.status.observedGeneration == family.new?.generation
        isComplete = complete && family.new != nil
        Self.setAvailable(&status, deployment, available, now)
        nextCheck = Self.setProgressing(&status, deployment, family, isComplete: complete, now)
        Self.setFailure(&status, family, now)
        self.status = status
    }

    private static func setAvailable(
        _ status: inout DeploymentStatus, _ deployment: Deployment, _ available: Int, _ now: Timestamp
    ) {
        let rolling = RollingUpdate(deployment)
        let gap = deployment.spec.strategy.type == "Recreate" ? 0 : rolling.maxUnavailable
        let isAvailable = available >= deployment.spec.replicas - gap
        set(
            &status, "Available", ConditionStatus(isAvailable),
            isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            isAvailable
                ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            now)
    }

    private static func setProgressing(
        _ status: inout DeploymentStatus, _ deployment: Deployment, _ family: DeploymentFamily,
        isComplete: Bool,
        _ now: Timestamp
    ) -> Duration? {
        let present = status.condition("Progressing")
        if deployment.spec.paused {
            set(&status, "Progressing", .unknown, "DeploymentPaused", "Deployment is paused", now)
            return nil
        }
        guard deployment.spec.progressDeadlineSeconds < Int(Int32.max) else {
            status.removeCondition("Progressing")
            return nil
        }
        let setName = family.new?.name ?? ""
        let subject = setName.isEmpty ? "Deployment \"\(deployment.name)\"" : "ReplicaSet \"\(setName)\""
        if isComplete {
            set(
                &status, "Progressing", .true, "NewReplicaSetAvailable",
                "\(subject) has successfully progressed.", now)
            return nil
        }
        if hasProgressed(status, since: deployment.status) || present == nil
            || present?.reason == "DeploymentPaused"
            || (present?.reason == "NewReplicaSetAvailable"
                && present?.message.contains("\"\(setName)\"") == false)
        {
            let isNew = present == nil || present?.message.contains("\"\(setName)\"") == false
            set(
                &status, "Progressing", .true, isNew ? "NewReplicaSetCreated" : "ReplicaSetUpdated",
                isNew ? "Created new replica set \"\(setName)\"" : "\(subject) is progressing.", now,
                touches: true)
            return .seconds(deployment.spec.progressDeadlineSeconds)
        }
        guard present?.reason != "NewReplicaSetAvailable" else { return nil }
        let last = present?.lastUpdateTime ?? now
        let remaining = Duration.seconds(deployment.spec.progressDeadlineSeconds) - (now - last)
        if remaining > .zero { return remaining }
        if present?.reason != "ProgressDeadlineExceeded" {
            set(
                &status, "Progressing", .false, "ProgressDeadlineExceeded",
                "\(subject) has timed out progressing.", now)
        }
        return nil
    }

    private static func hasProgressed(_ new: DeploymentStatus, since old: DeploymentStatus) -> Bool {
        new.updatedReplicas > old.updatedReplicas
            || new.replicas - new.updatedReplicas < old.replicas - old.updatedReplicas
            || new.readyReplicas > old.readyReplicas || new.availableReplicas > old.availableReplicas
    }

    private static func setFailure(
        _ status: inout DeploymentStatus, _ family: DeploymentFamily, _ now: Timestamp
    ) {
        let sets = [family.new].compactMap { $0 } + family.old.reversed()
        if let failure = sets.lazy.compactMap({ $0.status.condition("ReplicaFailure") }).first(
            where: \.isTrue)
        {
            set(&status, "ReplicaFailure", .true, failure.reason, failure.message, now)
        } else {
            status.removeCondition("ReplicaFailure")
        }
    }

    /// `lastUpdateTime` moves when the reason or message changes, or when `touches` says so.
    private static func set(
        _ status: inout DeploymentStatus, _ type: String, _ value: ConditionStatus, _ reason: String,
        _ message: String, _ now: Timestamp, touches: Bool = false
    ) {
        let old = status.condition(type)
        let isSame = old?.status == value && old?.reason == reason && old?.message == message
        if isSame, !touches { return }
        var condition = Condition(type: type, status: value, reason: reason, message: message)
        condition.lastUpdateTime = now
        status.setCondition(condition, now: now)
    }
}
