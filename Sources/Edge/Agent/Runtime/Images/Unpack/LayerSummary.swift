internal import EdgeJSON

/// What is known of an unpacked layer.
struct LayerSummary: Sendable, Equatable {
    struct RootAttributes: Sendable, Equatable {
        var mode: UInt32
        var uid: UInt32
        var gid: UInt32
    }

    /// Of the uncompressed archive.
    var diffID: ImageDigest
    /// Bytes on disk, files rounded up to blocks of 4 KiB.
    var size: Int64 = 0
    /// Files and directories beneath the root, whiteouts included: what a later check counts.
    var entries = 0
    /// The layer hides all that lies below it.
    var isOpaque = false
    /// Directories without an entry of their own, as raw bytes of their paths.
    var implicitDirectories: [LayerPath] = []
    /// Of the layer's own entry for its root, where there is one.
    var root: RootAttributes?
    /// Extended attributes that steer overlayfs itself and were left out.
    var droppedAttributes = 0
}

extension LayerSummary {
    init(_ value: JSONValue) throws {
        guard let digest = ImageDigest(value["diffID"]?.string ?? ""), let size = value["size"]?.int,
            let entries = value["entries"]?.int
        else { throw ImageError(.storage, "layer record is incomplete") }
        diffID = digest
        self.size = size
        self.entries = Int(entries)
        isOpaque = value["opaque"]?.bool ?? false
        implicitDirectories = try (value["implicit"]?.array ?? []).map { path in
            let bytes = (path.array ?? []).compactMap { $0.int.flatMap { UInt8(exactly: $0) } }
            return try LayerPath(parsing: path.string.map { Array($0.utf8) } ?? bytes)
        }
        if let value = value["root"], let mode = value["mode"]?.int, let uid = value["uid"]?.int,
            let gid = value["gid"]?.int
        {
            root = RootAttributes(
                mode: UInt32(truncatingIfNeeded: mode), uid: UInt32(truncatingIfNeeded: uid),
                gid: UInt32(truncatingIfNeeded: gid))
        }
        droppedAttributes = Int(value["droppedAttributes"]?.int ?? 0)
    }

    var json: JSONValue {
        var value: JSONValue = [
            "diffID": .string(diffID.description), "size": .int(size), "entries": .int(Int64(entries)),
        ]
        if isOpaque { value["opaque"] = true }
        if !implicitDirectories.isEmpty {
            value["implicit"] = .array(implicitDirectories.map(Self.json))
        }
        if let root {
            value["root"] = [
                "mode": .int(Int64(root.mode)), "uid": .int(Int64(root.uid)), "gid": .int(Int64(root.gid)),
            ]
        }
        if droppedAttributes > 0 { value["droppedAttributes"] = .int(Int64(droppedAttributes)) }
        return value
    }

    /// Paths are text where they are UTF-8, else their bytes as numbers.
    private static func json(_ path: LayerPath) -> JSONValue {
        let text = path.description
        if (try? LayerPath(parsing: Array(text.utf8))) == path { return .string(text) }
        let bytes = path.components.joined(separator: [CChar(UInt8(ascii: "/"))])
            .filter { $0 != 0 }.map { JSONValue.int(Int64(UInt8(bitPattern: $0))) }
        return .array(Array(bytes))
    }
}
