internal import EdgeJSON

/// What an image archive holds, from its first pass: the small JSON documents, the links, the names.
struct ArchiveIndex {
    private(set) var documents: [String: [UInt8]] = [:]
    private(set) var sizes: [String: Int64] = [:]
    private var links: [String: String] = [:]

    init(_ file: ArchiveFile, limits: ImageLimits) throws {
        var kept = 0
        try file.forEachEntry { entry, path, reader in
            switch entry.kind {
            case .file:
                sizes[path] = entry.size
                guard let document = try Self.document(entry, reader, path) else { return }
                kept += document.count
                guard kept <= limits.archiveDocumentBytes else {
                    throw ImageError(
                        .limitExceeded,
                        "archive's documents have more than \(limits.archiveDocumentBytes) bytes")
                }
                documents[path] = document
            case .symbolicLink:
                let directory = path.split(separator: "/").dropLast().joined(separator: "/")
                links[path] = ArchiveFile.normalized(
                    String(decoding: entry.target, as: UTF8.self), relativeTo: directory)
            case .hardLink:
                links[path] = ArchiveFile.normalized(String(decoding: entry.target, as: UTF8.self))
            default: break
            }
        }
    }

    /// The entry's content when it may be JSON.
    private static func document(_ entry: TarEntry, _ reader: TarReader, _ path: String) throws -> [UInt8]? {
        guard entry.size > 1, entry.size <= ImageConfig.maximumBytes else { return nil }
        var bytes: [UInt8] = []
        while let (block, offset) = try reader.nextData() {
            if bytes.isEmpty {
                let first = block.first { $0 > 0x20 }
                guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
                bytes.reserveCapacity(Int(entry.size))
            }
            guard offset == Int64(bytes.count) else { return nil }
            bytes += block
        }
        return bytes
    }

    /// The path of the file that a path leads to; nil when there is none.
    func resolve(_ path: String) -> String? {
        var path = ArchiveFile.normalized(path)
        for _ in 0..<10 {
            if sizes[path] != nil { return path }
            guard let target = links[path] else { return nil }
            path = target
        }
        return nil
    }

    func document(_ path: String) -> [UInt8]? {
        resolve(path).flatMap { documents[$0] }
    }

    /// A small blob of an OCI layout, verified; nil when the archive has none.
    func blob(_ digest: ImageDigest) throws(ImageError) -> [UInt8]? {
        guard let bytes = document("blobs/\(digest.algorithm.rawValue)/\(digest.hex)") else { return nil }
        var hasher = ImageHasher(digest.algorithm)
        bytes.withUnsafeBytes { hasher.update($0) }
        let actual = hasher.finalize()
        guard actual == digest else {
            throw ImageError(.digestMismatch, "blob \(digest) of the archive has digest \(actual)")
        }
        return bytes
    }
}

/// An image that an archive offers.
struct ArchiveImage {
    struct Layer {
        /// The file in the archive.
        var path: String
        var diffID: ImageDigest
        /// Of the file itself, where the archive tells it.
        var digest: ImageDigest?
    }

    var id: ImageDigest
    var names: [ImageReference]
    /// Of the manifest or index, where there is one.
    var manifestDigest: ImageDigest?
    /// Manifests and config.
    var documents: [(ImageDigest, [UInt8])]
    var layers: [Layer]
    var compressedSize: Int64
}
