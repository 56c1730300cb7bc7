internal import EdgeAPI
internal import EdgeJSON

/// Pods go through a grace period, unless nothing of them can be running.
struct PodBehavior: Behavior {
    static let defaultGracePeriodSeconds: Int64 = 30

    func gracePeriod(for object: APIObject, requested: Int64?) -> Int64? {
        let phase = object[path: "status", "phase"]?.string
        let isBound = !(object[path: "spec", "nodeName"]?.string ?? "").isEmpty
        if !isBound || phase == "Succeeded" || phase == "Failed" { return 0 }
        return requested ?? object[path: "spec", "terminationGracePeriodSeconds"]?.int
            ?? Self.defaultGracePeriodSeconds
    }
}
