/// The part of the tar format (POSIX.1-1988 ustar, with GNU and pax long names) that copying files needs.
enum TarArchive {
    struct Entry: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            case file, directory
            /// Links and devices, which are never made.
            case other(UInt8)
        }

        var path: String
        var kind: Kind
        var mode: UInt32
        var size: Int
    }

    static let blockSize = 512

    /// The header block of an entry, with a GNU long-name entry before it where the name needs one.
    static func header(_ entry: Entry) -> [UInt8] {
        let name = Array((entry.kind == .directory ? entry.path + "/" : entry.path).utf8)
        guard name.count > 100 else { return block(name, entry, type: typeFlag(entry.kind)) }
        let long = Entry(path: "", kind: .file, mode: 0o644, size: name.count + 1)
        return block(Array("././@LongLink".utf8), long, type: UInt8(ascii: "L")) + padded(name + [0])
            + block(Array(name.prefix(100)), entry, type: typeFlag(entry.kind))
    }

    /// Two empty blocks.
    static let end = [UInt8](repeating: 0, count: 2 * blockSize)

    static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: padding(bytes.count))
    }

    static func padding(_ count: Int) -> Int { (blockSize - count % blockSize) % blockSize }

    private static func typeFlag(_ kind: Entry.Kind) -> UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .directory: UInt8(ascii: "5")
        case .other(let flag): flag
        }
    }

    private static func block(_ name: [UInt8], _ entry: Entry, type: UInt8) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
        }
        put(name, at: 0)
        put(octal(Int(entry.mode), 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(entry.size, 11), at: 124)
        put(octal(0, 11), at: 136)
        put(Array("        ".utf8), at: 148)
        block[156] = type
        put(Array("ustar\u{0}00".utf8), at: 257)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, 6) + [0, UInt8(ascii: " ")], at: 148)
        return block
    }
}
