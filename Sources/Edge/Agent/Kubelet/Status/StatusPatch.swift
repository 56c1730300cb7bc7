internal import EdgeAPI
internal import EdgeJSON

/// A merge patch of what differs between two statuses. The lists of conditions and containers go as a whole, so
/// the patch names the version that it was made for.
enum StatusPatch {
    /// Nil when nothing differs.
    static func make(from old: PodStatus, to new: PodStatus, of pod: Pod) -> JSONValue? {
        let oldMembers = old.json.object ?? JSONObject()
        let newMembers = new.json.object ?? JSONObject()
        var changes = JSONObject()
        for member in newMembers where oldMembers[member.key] != member.value {
            changes[member.key] = member.value
        }
        for member in oldMembers where newMembers[member.key] == nil { changes[member.key] = .null }
        guard !changes.isEmpty else { return nil }
        return [
            "metadata": ["uid": .string(pod.uid), "resourceVersion": .string(pod.resourceVersion)],
            "status": .object(changes),
        ]
    }
}
