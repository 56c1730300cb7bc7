internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Patches: a document and a patch, in two parts.
enum Patches {
    private static func values(_ bytes: [UInt8]) -> (document: JSONValue, patch: JSONValue)? {
        let parts = bytes.parts
        guard parts.count == 2, let document = try? JSONParser.parse(parts[0]),
            let patch = try? JSONParser.parse(parts[1])
        else { return nil }
        return (document, patch)
    }

    static func jsonPatch(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let (document, text) = values(bytes), let patch = try? JSONPatch(text),
            let patched = try? patch.apply(to: document)
        else { return }
        _ = JSONWriter.bytes(patched)
    }

    /// The difference of two documents turns the one into the other.
    static func mergePatch(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let (document, patch) = values(bytes) else { return }
        let patched = MergePatch.apply(patch, to: document)
        guard let before = document.object, let after = patched.object, !hasNull(.object(after)) else {
            return
        }
        let difference = MergePatch.difference(from: before, to: after)
        try FuzzFailure.unless(
            canonical(MergePatch.apply(.object(difference), to: document)) == canonical(patched),
            "the difference leads elsewhere")
    }

    static func strategicMerge(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let (document, patch) = values(bytes), let before = document.object, let change = patch.object,
            let pod = Schema.shared.kind(apiVersion: "v1", kind: "Pod")
        else { return }
        guard let after = try? StrategicMerge.apply(change, to: before, type: pod) else { return }
        guard let difference = try? StrategicMerge.difference(from: before, to: after, type: pod) else {
            return
        }
        _ = try? StrategicMerge.apply(difference, to: before, type: pod)
        _ = try? StrategicMerge.threeWay(original: change, modified: after, current: before, type: pod)
    }

    /// Merge patches cannot set a null.
    private static func hasNull(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .object(let object): object.members.contains { hasNull($0.value) }
        default: false
        }
    }

    private static func canonical(_ value: JSONValue) -> [UInt8] { JSONWriter.bytes(sorted(value)) }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            var result = JSONObject()
            for member in object.members.sorted(by: { $0.key < $1.key }) {
                result[member.key] = sorted(member.value)
            }
            return .object(result)
        case .array(let elements): return .array(elements.map(sorted))
        default: return value
        }
    }
}
