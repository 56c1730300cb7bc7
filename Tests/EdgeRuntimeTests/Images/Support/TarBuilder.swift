/// Writes tar archives entry by entry, also such as no archiver would write.
struct TarBuilder {
    enum Form { case ustar, gnu }

    private(set) var bytes: [UInt8] = []

    mutating func file(
        _ name: String, _ content: String = "", mode: Int = 0o644, uid: Int = 0, gid: Int = 0,
        time: Int = 1_700_000_000, attributes: [(String, String)] = []
    ) {
        file(name, Array(content.utf8), mode: mode, uid: uid, gid: gid, time: time, attributes: attributes)
    }

    mutating func file(
        _ name: String, _ content: [UInt8], mode: Int = 0o644, uid: Int = 0, gid: Int = 0,
        time: Int = 1_700_000_000, attributes: [(String, String)] = []
    ) {
        pax(attributes.map { ("SCHILY.xattr.\($0)", $1) })
        header(Array(name.utf8), "0", size: content.count, mode: mode, uid: uid, gid: gid, time: time)
        append(content)
    }

    mutating func directory(
        _ name: String, mode: Int = 0o755, uid: Int = 0, gid: Int = 0, time: Int = 1_700_000_000,
        attributes: [(String, String)] = []
    ) {
        pax(attributes.map { ("SCHILY.xattr.\($0)", $1) })
        header(Array(name.utf8), "5", mode: mode, uid: uid, gid: gid, time: time)
    }

    mutating func symlink(_ name: String, to target: String) {
        header(Array(name.utf8), "2", link: Array(target.utf8), mode: 0o777)
    }

    mutating func hardLink(_ name: String, to target: String) {
        header(Array(name.utf8), "1", link: Array(target.utf8), mode: 0o644)
    }

    mutating func fifo(_ name: String) { header(Array(name.utf8), "6", mode: 0o600) }

    mutating func device(_ name: String, block: Bool = false, major: Int, minor: Int) {
        header(Array(name.utf8), block ? "4" : "3", mode: 0o660, major: major, minor: minor)
    }

    /// A pax header for the next entry.
    mutating func pax(_ records: [(String, String)]) {
        pax(records.map { ($0, Array($1.utf8)) })
    }

    mutating func pax(_ records: [(String, [UInt8])]) {
        if records.isEmpty { return }
        var body: [UInt8] = []
        for (key, value) in records {
            let rest = 3 + key.utf8.count + value.count
            var length = rest + String(rest).utf8.count
            length = rest + String(length).utf8.count
            body += Array("\(length) \(key)=".utf8) + value + [0x0a]
        }
        header(Array("PaxHeaders/x".utf8), "x", size: body.count)
        append(body)
    }

    mutating func header(
        _ name: [UInt8], _ type: Character, link: [UInt8] = [], size: Int = 0, mode: Int = 0o644,
        uid: Int = 0, gid: Int = 0, time: Int = 1_700_000_000, major: Int = 0, minor: Int = 0
    ) {
        precondition(name.count <= 100 && link.count <= 100, "use a pax header")
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8)
        }
        put(name, at: 0)
        put(octal(mode, 8), at: 100)
        put(octal(uid, 8), at: 108)
        put(octal(gid, 8), at: 116)
        put(octal(size, 12), at: 124)
        put(octal(time, 12), at: 136)
        put("        ".utf8, at: 148)
        put(String(type).utf8, at: 156)
        put(link, at: 157)
        put("ustar\0".utf8, at: 257)
        put("00".utf8, at: 263)
        put(octal(major, 8), at: 329)
        put(octal(minor, 8), at: 337)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, 7) + [0, 0x20], at: 148)
        bytes += block
    }

    mutating func append(_ content: [UInt8]) {
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The archive with its end mark.
    var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    static func build(_ body: (inout TarBuilder) -> Void) -> [UInt8] {
        var builder = TarBuilder()
        body(&builder)
        return builder.archive
    }
}
