internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// A node starts tainted until it is ready; a heartbeat that changes nothing else is not written to disk.
struct NodeBehavior: Behavior {
    private static let notReadyTaint: JSONValue = [
        "key": "node.kubernetes.io/not-ready", "effect": "NoSchedule",
    ]

    let clock: any WallClock

    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        var taints = object[path: "spec", "taints"]?.array ?? []
        let isTainted = taints.contains {
            $0["key"] == Self.notReadyTaint["key"] && $0["effect"] == Self.notReadyTaint["effect"]
        }
        if !isTainted { taints.append(Self.notReadyTaint) }
        object[path: "spec", "taints"] = .array(taints)
    }

    func durability(new: APIObject, old: APIObject?) -> Mutation.Durability {
        guard let old else { return .durable }
        return Self.withoutHeartbeats(new) == Self.withoutHeartbeats(old) ? .volatile : .durable
    }

    private static func withoutHeartbeats(_ node: APIObject) -> JSONObject {
        var conditions = node[path: "status", "conditions"]?.array ?? []
        for index in conditions.indices { conditions[index]["lastHeartbeatTime"] = nil }
        var node = node
        node[path: "status", "conditions"] = .array(conditions)
        node[path: "metadata", "resourceVersion"] = nil
        node[path: "metadata", "managedFields"] = nil
        return node.json
    }
}
