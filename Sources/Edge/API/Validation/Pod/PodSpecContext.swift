internal import EdgeJSON

/// What the rules for a part of a pod need to know about the rest of it.
struct PodSpecContext {
    let spec: PodSpec
    /// Whether this is a pod and not a template: some rules hold only then.
    let isPod: Bool
    let volumes: [String: Volume]
    let gracePeriod: Int?
    let usesHostUsers: Bool

    init(_ spec: PodSpec, isPod: Bool) {
        self.spec = spec
        self.isPod = isPod
        var volumes: [String: Volume] = [:]
        for volume in spec.volumes { volumes[volume.name] = volume }
        self.volumes = volumes
        gracePeriod = spec.json["terminationGracePeriodSeconds"].number
        usesHostUsers = spec.hostUsers ?? true
    }
}
