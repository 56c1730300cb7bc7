internal import EdgeHost
internal import EdgeJSON
internal import EdgeRuntime

/// The `edge image` commands, on an image service that this process has.
struct ImageControl: Sendable {
    let images: ImageService

    func answer(_ arguments: JSONValue, _ send: ControlServer.Send) async throws -> JSONValue {
        let names = arguments["names"]?.strings ?? []
        switch arguments["action"]?.string ?? "" {
        case "ls":
            for image in images.list() { try await send(Self.json(image)) }
        case "import":
            for path in names {
                for image in try await images.importArchive(path, isPinned: true) {
                    try await send(Self.json(image))
                }
            }
        case "pull":
            for name in names { try await send(Self.json(try await images.pull(name), name: name)) }
        case "rm":
            for name in names {
                guard let image = images.status(name) else {
                    throw ControlError(.refused, "image \"\(name)\": not found")
                }
                try await images.remove(name)
                try await send(Self.json(image, name: name))
            }
        case "prune":
            let (removed, freed) = try await images.prune()
            for id in removed { try await send(["id": .string(id)]) }
            return ["freed": .int(freed)]
        case let action: throw ControlError(.refused, "this edge does not know \"image \(action)\"")
        }
        return [:]
    }

    /// - Parameter name: by which it was asked for.
    private static func json(_ image: StoredImage, name: String? = nil) -> JSONValue {
        var json: JSONObject = [
            "id": .string(image.id), "tags": .array(image.repoTags.map { .string($0) }),
            "digests": .array(image.repoDigests.map { .string($0) }), "size": .int(image.size),
            "pinned": .bool(image.isPinned),
        ]
        if let name { json["name"] = .string(name) }
        return .object(json)
    }
}
