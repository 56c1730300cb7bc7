internal import EdgeAPI
internal import EdgeJSON

/// The `pod-template-hash` label: tells the ReplicaSets of one Deployment apart.
enum TemplateHash {
    static let label = "pod-template-hash"
    /// Kubernetes' alphabet for such hashes: no vowels, no look-alikes.
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")

    /// FNV-1a over the template's canonical bytes and the collision count.
    static func hash(_ template: PodTemplateSpec, collisions: Int) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in template.json.encoded + Array(String(collisions).utf8) {
            hash = (hash ^ UInt32(byte)) &* 16_777_619
        }
        return String(String(hash).map { alphabet[Int(String($0)) ?? 0] })
    }

    /// Whether two templates are alike but for the hash label.
    static func areEqual(_ left: PodTemplateSpec, _ right: PodTemplateSpec) -> Bool {
        withoutHash(left) == withoutHash(right)
    }

    private static func withoutHash(_ template: PodTemplateSpec) -> JSONValue {
        var json = template.json
        var labels = json["metadata"]?["labels"].stringMap ?? [:]
        labels[label] = nil
        var metadata = json["metadata"] ?? [:]
        metadata["labels"].stringMap = labels
        metadata["creationTimestamp"] = nil
        json["metadata"] = metadata
        return json
    }
}
