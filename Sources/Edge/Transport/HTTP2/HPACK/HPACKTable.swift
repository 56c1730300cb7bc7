/// A header field of HPACK's tables: its name and, directly behind it, its value.
struct HPACKEntry: Equatable {
    let bytes: [UInt8]
    let nameLength: Int

    /// What the field counts in a table (RFC 7541 section 4.1).
    var size: Int { bytes.count + 32 }
}

/// The fields by which a header block may name others: the static ones first, then those that came lately.
struct HPACKTable {
    /// The default of SETTINGS_HEADER_TABLE_SIZE; edge does not offer more.
    static let maximumSize = 4096

    /// The newest last.
    private var entries: [HPACKEntry] = []
    private(set) var size = 0
    private(set) var limit = maximumSize

    /// The field of an index from 1 on; nil when there is none.
    func entry(_ index: Int) -> HPACKEntry? {
        if index <= 0 { return nil }
        if index <= Self.fixed.count { return Self.fixed[index - 1] }
        let position = entries.count - (index - Self.fixed.count)
        return position >= 0 ? entries[position] : nil
    }

    mutating func insert(_ entry: HPACKEntry) {
        evict(downTo: limit - entry.size)
        // A field larger than the table empties it and is not kept.
        guard entry.size <= limit else { return }
        entries.append(entry)
        size += entry.size
    }

    /// False for more than was offered.
    mutating func setLimit(_ new: Int) -> Bool {
        guard new <= Self.maximumSize else { return false }
        limit = new
        evict(downTo: new)
        return true
    }

    private mutating func evict(downTo wanted: Int) {
        var count = 0
        while size > max(wanted, 0), count < entries.count {
            size -= entries[count].size
            count += 1
        }
        if count > 0 { entries.removeFirst(count) }
    }

    /// RFC 7541 appendix A.
    private static let fixed: [HPACKEntry] = [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"),
        (":path", "/index.html"), (":scheme", "http"), (":scheme", "https"), (":status", "200"),
        (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"), (":status", "404"),
        (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"),
        ("accept-language", ""), ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""),
        ("age", ""), ("allow", ""), ("authorization", ""), ("cache-control", ""),
        ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""),
        ("content-length", ""), ("content-location", ""), ("content-range", ""), ("content-type", ""),
        ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""),
        ("host", ""), ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
        ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""),
        ("max-forwards", ""), ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""),
        ("referer", ""), ("refresh", ""), ("retry-after", ""), ("server", ""), ("set-cookie", ""),
        ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""),
        ("via", ""), ("www-authenticate", ""),
    ].map { name, value in HPACKEntry(bytes: Array((name + value).utf8), nameLength: name.utf8.count) }
}
