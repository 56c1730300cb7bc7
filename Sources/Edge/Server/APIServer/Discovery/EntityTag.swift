/// An ETag (RFC 9110 section 8.8.3).
struct EntityTag {
    let text: String

    init(_ hash: String) { text = "\"\(hash)\"" }

    /// Whether an If-None-Match header names this version.
    func matches(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { part in
            let tag = part.trimmingBlanks
            return tag == "*" || tag == text || (tag.hasPrefix("W/") && tag.dropFirst(2) == text)
        }
    }
}
