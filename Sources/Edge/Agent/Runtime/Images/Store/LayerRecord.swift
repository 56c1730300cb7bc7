internal import EdgeJSON

/// Names an unpacked layer. Most serve every image that has the archive; one whose implicit directories had to
/// be adapted to the layers below it serves only images with the same layers below.
struct LayerKey: Hashable, Sendable, CustomStringConvertible {
    var diffID: ImageDigest
    /// The chain id of the layers below, for an adapted layer.
    var adaptedTo: ImageDigest?

    init(_ diffID: ImageDigest, adaptedTo chainID: ImageDigest? = nil) {
        self.diffID = diffID
        adaptedTo = chainID
    }

    init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1)
        guard let first = parts.first, let diffID = ImageDigest(first) else { return nil }
        self.diffID = diffID
        if parts.count > 1 {
            guard let chainID = ImageDigest(parts[1]) else { return nil }
            adaptedTo = chainID
        }
    }

    var description: String { diffID.description + (adaptedTo.map { "@\($0)" } ?? "") }
}

/// A layer that is in its place.
struct LayerRecord: Sendable, Equatable {
    var key: LayerKey
    /// The name of its directory.
    var number: Int
    var summary: LayerSummary

    init(key: LayerKey, number: Int, summary: LayerSummary) {
        self.key = key
        self.number = number
        self.summary = summary
    }

    init(_ value: JSONValue, number: Int) throws {
        guard let key = LayerKey(value["key"]?.string ?? "") else {
            throw ImageError(.storage, "layer record has no key")
        }
        self.init(key: key, number: number, summary: try LayerSummary(value))
        guard summary.diffID == key.diffID else {
            throw ImageError(.storage, "layer record contradicts itself")
        }
    }

    var json: JSONValue {
        var value = summary.json
        value["key"] = .string(key.description)
        return value
    }
}
