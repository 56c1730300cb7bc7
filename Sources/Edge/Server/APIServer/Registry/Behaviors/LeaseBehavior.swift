internal import EdgeAPI
internal import EdgeJSON
internal import EdgeStorage

/// Renewals of node leases are worthless after a restart and stay in memory; every other Lease is durable,
/// since a lock that somebody holds must not come loose.
struct LeaseBehavior: Behavior {
    func durability(new: APIObject, old: APIObject?) -> Mutation.Durability {
        guard let old, new.namespace == "kube-node-lease" else { return .durable }
        return old[path: "spec", "holderIdentity"] == new[path: "spec", "holderIdentity"]
            ? .volatile : .durable
    }
}
