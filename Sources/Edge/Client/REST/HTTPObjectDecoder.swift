internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Turns the bytes of objects that a server sent into `EncodedObject`s, keeping the bytes as they are.
struct HTTPObjectDecoder: Sendable {
    let resource: APIResource

    struct Page {
        var objects: [EncodedObject] = []
        var revision: UInt64 = 0
        var continueToken: String?
    }

    func object(_ bytes: ArraySlice<UInt8>) throws -> EncodedObject {
        let metadata = try JSONSlices.members(of: bytes).first { $0.key == "metadata" }
        let value = try metadata.map { try JSONParser.parse($0.value) }
        let revision = try Self.revision(value?["resourceVersion"]?.string ?? "")
        let key = resource.key(
            namespace: value?["namespace"]?.string ?? "", name: value?["name"]?.string ?? "")
        return EncodedObject(key: key, revision: revision, bytes: Array(bytes))
    }

    func page(_ bytes: [UInt8]) throws -> Page {
        var page = Page()
        for (key, value) in try JSONSlices.members(of: bytes[...]) {
            switch key {
            case "metadata":
                let metadata = try JSONParser.parse(value)
                page.revision = try Self.revision(metadata["resourceVersion"]?.string ?? "")
                if let token = metadata["continue"]?.string, !token.isEmpty { page.continueToken = token }
            case "items":
                page.objects = try JSONSlices.elements(of: value).map { try object($0) }
            default: break
            }
        }
        return page
    }

    static func revision(_ text: String) throws -> UInt64 {
        guard let revision = UInt64(text) else {
            throw RESTDecodingError(
                request: "objects", cause: "resourceVersion \"\(text)\" is not a whole number")
        }
        return revision
    }
}
