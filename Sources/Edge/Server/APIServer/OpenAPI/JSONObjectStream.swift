internal import EdgeJSON

/// Writes nested objects member by member, so that a large document never exists as a tree.
struct JSONObjectStream {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var isFirst = true

    private mutating func key(_ key: String) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        JSONWriter.append(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func member(_ name: String, _ value: JSONValue) {
        key(name)
        JSONWriter.append(value, to: &bytes)
        isFirst = false
    }

    /// Begins an object as the value of a member; `close` ends it.
    mutating func open(_ name: String) {
        key(name)
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
    }

    mutating func close() {
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }
}
