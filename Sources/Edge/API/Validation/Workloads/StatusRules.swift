internal import EdgeJSON

extension ObjectValidator {
    /// Counters are not negative.
    static let counts: StatusRule = { object, _, errors in
        for member in object["status"]?.object ?? JSONObject() {
            if let number = member.value.int { errors.nonNegative(.status[member.key], Int(number)) }
        }
    }

    /// Counters of a part are not above the whole.
    static let replicaCounts: StatusRule = { object, old, errors in
        counts(object, old, &errors)
        let status = object["status"] ?? .null
        let replicas = status["replicas"].number ?? 0
        let parts = [
            "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "currentReplicas",
            "updatedReplicas",
        ]
        for key in parts {
            guard let number = status[key].number, number > replicas else { continue }
            errors.invalid(.status[key], number, "cannot be greater than status.replicas")
        }
        notMoreThanReady(status, &errors)
    }

    static let deploymentStatus: StatusRule = { object, old, errors in
        counts(object, old, &errors)
        let status = object["status"] ?? .null
        let replicas = status["replicas"].number ?? 0
        for key in ["updatedReplicas", "readyReplicas", "availableReplicas"] {
            guard let number = status[key].number, number > replicas else { continue }
            errors.invalid(.status[key], number, "cannot be greater than status.replicas")
        }
        notMoreThanReady(status, &errors)
        let collisions = status["collisionCount"].number ?? 0
        if collisions < old[path: "status", "collisionCount"].number ?? 0 {
            errors.invalid(.status["collisionCount"], collisions, "cannot be decremented")
        }
    }

    private static func notMoreThanReady(_ status: JSONValue, _ errors: inout FieldErrors) {
        guard let available = status["availableReplicas"].number,
            available > status["readyReplicas"].number ?? 0
        else { return }
        errors.invalid(.status["availableReplicas"], available, "cannot be greater than readyReplicas")
    }

    static let nodeStatus: StatusRule = { object, _, errors in
        for key in ["capacity", "allocatable"] {
            errors.checkQuantities(.status[key], object[path: "status", key].quantities)
        }
    }

    /// How a Job's counters, times and conditions may go on.
    static let jobStatus: StatusRule = { object, old, errors in
        counts(object, old, &errors)
        let path = FieldPath.status
        let status = object["status"] ?? .null
        let former = old["status"] ?? .null
        let types = Set(
            status["conditions"].views(of: Condition.self).filter(\.isTrue).map(\.type))
        if types.contains("Complete"), types.contains("Failed") {
            errors.invalid(
                path["conditions"], status["conditions"] ?? .null,
                "cannot set Complete=True and Failed=true conditions")
        }
        for type in ["Complete", "Failed"] where !types.contains(type) {
            let was = former["conditions"].views(of: Condition.self).contains { $0.type == type && $0.isTrue }
            if was {
                errors.invalid(
                    path["conditions"], status["conditions"] ?? .null,
                    "cannot disable the \(type)=True condition")
            }
        }
        if let time = status["completionTime"] {
            if !types.contains("Complete") {
                errors.invalid(
                    path["completionTime"], time, "completionTime cannot be set for non-complete job")
            } else if let before = former["completionTime"], before != time {
                errors.invalid(path["completionTime"], time, "field is immutable once set")
            }
        }
        let isFinished = types.contains("Complete") || types.contains("Failed")
        if isFinished, (status["active"].number ?? 0) > 0 {
            errors.invalid(
                path["active"], status["active"].number ?? 0, "active>0 is invalid for finished job")
        }
        for key in ["succeeded", "failed"] {
            let (now, before) = (status[key].number ?? 0, former[key].number ?? 0)
            if key == "succeeded", object[path: "spec", "completionMode"].text == "Indexed" { continue }
            if now < before, !isFinished {
                errors.invalid(path[key], now, "cannot decrease the \(key) counter")
            }
        }
    }

    static let namespaceStatus: StatusRule = { object, old, errors in
        let phase = object[path: "status", "phase"].text
        if !object.isBeingDeleted {
            if phase != "Active" {
                errors.invalid(
                    FieldPath("status.Phase"), phase, "may only be 'Active' if `deletionTimestamp` is empty")
            }
        } else if phase != "Terminating" {
            errors.invalid(
                FieldPath("status.Phase"), phase,
                "may only be 'Terminating' if `deletionTimestamp` is not empty")
        }
    }

    static let quotaStatus: StatusRule = { object, _, errors in
        for key in ["hard", "used"] {
            for (name, amount) in object[path: "status", key].quantities.sorted(by: { $0.key < $1.key }) {
                errors.checkQuotaName(name, .status[key][key: name])
                errors.nonNegativeQuantity(.status[key][key: name], amount)
            }
        }
    }

    static let claimStatus: StatusRule = { object, old, errors in
        let path = FieldPath.status
        let status = object["status"] ?? .null
        if !status["capacity"].quantities.isEmpty, status["phase"].text == "Pending",
            status["accessModes"].strings.isEmpty,
            object[path: "spec", "accessModes"].strings.isEmpty
        {
            errors.required(.spec["accessModes"], "at least 1 access mode is required")
        }
        errors.checkQuantities(path["capacity"], status["capacity"].quantities)
        errors.checkQuantities(path["allocatedResources"], status["allocatedResources"].quantities)
    }
}
