internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeTransport

/// The bytes of a LIST: a head, the stored objects one behind the other, an end. Nothing is decoded.
enum ListResponse {
    /// - Parameter bytes: gives the form in which an object is shown.
    static func body(
        _ page: ListPage, kind: String, apiVersion: String, bytes: (EncodedObject) -> [UInt8] = \.bytes
    ) -> HTTPBodyPieces {
        var head: [UInt8] = []
        head.append(contentsOf: "{\"kind\":\"\(kind)\",\"apiVersion\":\"\(apiVersion)\",\"metadata\":".utf8)
        JSONWriter.append(metadata(page), to: &head)
        head.append(contentsOf: ",\"items\":[".utf8)
        return HTTPBodyPieces(head: head, elements: page.objects.map(bytes), tail: end)
    }

    /// `metadata` of a list.
    static func metadata(_ page: ListPage) -> JSONValue {
        var metadata: JSONObject = ["resourceVersion": .string(String(page.revision))]
        if let next = page.next {
            metadata["continue"] = .string(next.text)
            if let remaining = page.remaining { metadata["remainingItemCount"] = .int(Int64(remaining)) }
        }
        return .object(metadata)
    }

    private static let end = Array("]}".utf8)
}
