internal import EdgeAPI
internal import EdgeJSON
internal import EdgeStorage

extension PendingObject {
    /// The object's canonical bytes with an empty resourceVersion, and the place where the store writes it.
    init(encoding object: APIObject) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        var offset = 0
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in object.json.members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONWriter.append(member.key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            if member.key == "metadata", let metadata = member.value.object {
                offset = Self.append(metadata, to: &bytes)
            } else {
                JSONWriter.append(member.value, to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        self.init(bytes: bytes, revisionOffset: offset)
    }

    /// Writes `metadata` with an empty resourceVersion in its schema place, behind uid; returns the offset
    /// between its quotes.
    private static func append(_ metadata: JSONObject, to bytes: inout [UInt8]) -> Int {
        var offset: Int?
        bytes.append(UInt8(ascii: "{"))
        func appendRevision() {
            if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "\"resourceVersion\":\"".utf8)
            offset = bytes.count
            bytes.append(UInt8(ascii: "\""))
        }
        for member in metadata where member.key != "resourceVersion" {
            if offset == nil, !standsBeforeRevision(member.key) { appendRevision() }
            if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
            JSONWriter.append(member.key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            JSONWriter.append(member.value, to: &bytes)
        }
        if offset == nil { appendRevision() }
        bytes.append(UInt8(ascii: "}"))
        return offset ?? bytes.count
    }

    private static func standsBeforeRevision(_ key: String) -> Bool {
        switch key {
        case "name", "generateName", "namespace", "selfLink", "uid": true
        default: false
        }
    }
}
