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
}
