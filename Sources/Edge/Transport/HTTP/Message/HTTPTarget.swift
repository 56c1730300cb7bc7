/// The request target taken apart: the path as it came, its decoded segments, and the query.
public struct HTTPTarget: Sendable, Hashable {
    public struct QueryItem: Sendable, Hashable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The path without the query, still percent-encoded, beginning with `/`.
    public let path: String
    /// What stands between the slashes of the path, decoded. Slashes at both ends do not count; an empty
    /// segment in the middle is kept.
    public let segments: [String]
    /// The text after `?`, still encoded; nil when there is no `?`.
    public let rawQuery: String?
    /// The decoded items in their order; a name without `=` has an empty value.
    public let query: [QueryItem]

    /// How many query items are read; a target with more is refused.
    public static let maximumQueryItems = 1000

    /// From a target in origin form (`/path?query`), absolute form (`https://host/path`) or `*`. Nil when it
    /// has none of these forms, or a broken percent escape in the path.
    public init?(_ target: ArraySlice<UInt8>) {
        guard let origin = Self.originForm(target) else { return nil }
        let mark = origin.firstIndex(of: UInt8(ascii: "?"))
        let pathBytes = origin[..<(mark ?? origin.endIndex)]
        path = String(decoding: pathBytes, as: UTF8.self)
        guard let segments = Self.segments(pathBytes) else { return nil }
        self.segments = segments
        if let mark {
            let queryBytes = origin[(mark + 1)...]
            rawQuery = String(decoding: queryBytes, as: UTF8.self)
            guard let items = Self.items(queryBytes) else { return nil }
            query = items
        } else {
            rawQuery = nil
            query = []
        }
    }

    public init?(_ target: String) {
        self.init(Array(target.utf8)[...])
    }

    /// The first value of a query item.
    public func value(_ name: String) -> String? {
        for item in query where item.name == name { return item.value }
        return nil
    }

    public func values(_ name: String) -> [String] {
        query.filter { $0.name == name }.map(\.value)
    }

    private static func originForm(_ target: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let first = target.first else { return nil }
        if first == UInt8(ascii: "/") { return target }
        if target.count == 1, first == UInt8(ascii: "*") { return target }
        // Absolute form, as a client sends it to a proxy: the authority is not looked at.
        guard let colon = target.firstIndex(of: UInt8(ascii: ":")), colon + 2 < target.endIndex,
            target[colon + 1] == UInt8(ascii: "/"), target[colon + 2] == UInt8(ascii: "/"),
            ASCIIText.equal(target[..<colon], "http".utf8) || ASCIIText.equal(target[..<colon], "https".utf8)
        else { return nil }
        let rest = target[(colon + 3)...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        guard let end else { return [UInt8(ascii: "/")] }
        return rest[end] == UInt8(ascii: "/") ? rest[end...] : [UInt8(ascii: "/")] + rest[end...]
    }

    private static func segments(_ path: ArraySlice<UInt8>) -> [String]? {
        let slash = UInt8(ascii: "/")
        var rest = path
        while rest.first == slash { rest = rest.dropFirst() }
        while rest.last == slash { rest = rest.dropLast() }
        guard !rest.isEmpty else { return [] }
        var segments: [String] = []
        segments.reserveCapacity(8)
        var start = rest.startIndex
        while true {
            let end = rest[start...].firstIndex(of: slash) ?? rest.endIndex
            guard let segment = PercentCoding.decode(rest[start..<end]) else { return nil }
            segments.append(segment)
            if end == rest.endIndex { return segments }
            start = end + 1
        }
    }

    private static func items(_ query: ArraySlice<UInt8>) -> [QueryItem]? {
        var items: [QueryItem] = []
        for part in query.split(separator: UInt8(ascii: "&")) {
            guard items.count < maximumQueryItems else { return nil }
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            guard let name = PercentCoding.decode(part[..<(equals ?? part.endIndex)], plusIsSpace: true),
                let value = equals.map({ PercentCoding.decode(part[($0 + 1)...], plusIsSpace: true) }) ?? ""
            else { return nil }
            items.append(QueryItem(name, value))
        }
        return items
    }
}
