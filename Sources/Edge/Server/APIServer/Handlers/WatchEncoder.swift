internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import NIOCore

/// Writes watch events: `{"type":"ADDED","object":<the stored bytes>}` and a line feed.
struct WatchEncoder: Sendable {
    enum EventType: String {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    private let view: ObjectPresentation
    /// A Table names its columns in the first event only.
    private var hasSentColumns = false

    init(_ view: ObjectPresentation) {
        self.view = view
    }

    mutating func append(_ type: EventType, _ object: EncodedObject, to buffer: inout ByteBuffer) {
        buffer.writeString("{\"type\":\"\(type.rawValue)\",\"object\":")
        buffer.writeBytes(view.event(object, withColumns: !hasSentColumns))
        buffer.writeString("}\n")
        hasSentColumns = true
    }

    func append(_ status: APIStatus, to buffer: inout ByteBuffer) {
        buffer.writeString("{\"type\":\"ERROR\",\"object\":")
        buffer.writeBytes(status.value.encoded)
        buffer.writeString("}\n")
    }

    func appendBookmark(revision: UInt64, endsInitialEvents: Bool, to buffer: inout ByteBuffer) {
        var metadata: JSONObject = ["resourceVersion": .string(String(revision)), "creationTimestamp": .null]
        if endsInitialEvents { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        buffer.writeString("{\"type\":\"BOOKMARK\",\"object\":")
        buffer.writeBytes(view.bookmark(metadata: metadata).encoded)
        buffer.writeString("}\n")
    }
}
