internal import EdgeJSON
internal import Logging

/// Reads the store's index at start. What is incomplete or damaged is removed, so that it is pulled again and
/// never used.
struct StoreLoader {
    let layout: StoreLayout
    let logger: Logger

    func load() throws -> ImageStore.State {
        try emptyIngest()
        var state = ImageStore.State()
        try loadLayers(into: &state)
        try loadImages(into: &state)
        return state
    }

    private func emptyIngest() throws {
        for name in try DirectoryTree.names(in: layout.ingest) {
            try DirectoryTree.remove("\(layout.ingest)/\(name)")
        }
    }

    private func loadLayers(into state: inout ImageStore.State) throws {
        for name in try DirectoryTree.names(in: layout.layers) {
            guard let number = Int(name), number > 0, let record = readLayer(number),
                state.layers[record.key] == nil
            else {
                try DirectoryTree.remove("\(layout.layers)/\(name)")
                continue
            }
            state.layers[record.key] = record
            state.nextNumber = max(state.nextNumber, number + 1)
        }
    }

    private func readLayer(_ number: Int) -> LayerRecord? {
        do {
            guard ImageFile.exists(layout.layerTree(number)) else {
                throw ImageError(.storage, "its files are missing")
            }
            let value = try JSONParser.parse(try ImageFile.read(layout.layerRecord(number)))
            return try LayerRecord(value, number: number)
        } catch {
            logger.warning(
                "removing a damaged layer; it will be pulled again",
                metadata: ["path": "\(layout.layer(number))", "error": "\(error)"])
            return nil
        }
    }

    private func loadImages(into state: inout ImageStore.State) throws {
        for name in try DirectoryTree.names(in: layout.images) {
            let path = "\(layout.images)/\(name)"
            do {
                guard name.hasSuffix(".json") else { throw ImageError(.storage, "left over") }
                let record = try ImageRecord(try JSONParser.parse(try ImageFile.read(path)))
                guard layout.image(record.id) == path else {
                    throw ImageError(.storage, "record is not the named image's")
                }
                let config = try ImageFile.read(layout.blob(record.id), limit: ImageConfig.maximumBytes)
                guard digest(config, record.id) else { throw ImageError(.storage, "config is damaged") }
                state.images[record.id] = record
            } catch {
                if name.hasSuffix(".json") {
                    logger.warning(
                        "removing a damaged image record; it will be pulled again",
                        metadata: ["path": "\(path)", "error": "\(error)"])
                }
                try ImageFile.remove(path)
            }
        }
    }

    private func digest(_ bytes: [UInt8], _ expected: ImageDigest) -> Bool {
        var hasher = ImageHasher(expected.algorithm)
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize() == expected
    }
}
