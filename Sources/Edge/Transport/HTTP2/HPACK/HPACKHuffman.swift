/// The Huffman code of header strings (RFC 7541 appendix B). It is canonical: the lengths of the codes say all.
enum HPACKHuffman {
    /// The length of each byte's code; the last is that of the end-of-string symbol, which must not occur.
    private static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6,
        6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5,
        6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24,
        23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21,
        23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26,
        26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21,
        26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26,
        26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
    ]

    private static let endOfString = 256

    /// Tables of 256 entries, each looked up with the next eight bits. An entry is 0 for no code,
    /// `table << 16` for a longer code, else `length << 8 | byte` with the bits that it takes of these eight.
    private static let tables: [UInt32] = makeTables()

    private static func makeTables() -> [UInt32] {
        let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
        var tables = [UInt32](repeating: 0, count: 256)
        var code: UInt32 = 0
        var length = lengths[order[0]]
        for (position, symbol) in order.enumerated() {
            if position > 0 {
                code = (code + 1) << UInt32(lengths[symbol] - length)
                length = lengths[symbol]
            }
            if symbol != endOfString { insert(UInt8(symbol), code, Int(length), into: &tables) }
        }
        return tables
    }

    private static func insert(_ symbol: UInt8, _ code: UInt32, _ length: Int, into tables: inout [UInt32]) {
        var table = 0
        var left = length
        while left > 8 {
            left -= 8
            let index = table * 256 + Int(code >> UInt32(left) & 0xff)
            if tables[index] == 0 {
                tables[index] = UInt32(tables.count / 256) << 16
                tables.append(contentsOf: repeatElement(0, count: 256))
            }
            table = Int(tables[index] >> 16)
        }
        let first = Int(code << UInt32(8 - left) & 0xff)
        for index in first..<(first + 1 << (8 - left)) {
            tables[table * 256 + index] = UInt32(left) << 8 | UInt32(symbol)
        }
    }

    /// Appends the decoded bytes; false for a string that is not in the code.
    static func decode(_ span: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8]) -> Bool {
        var bits: UInt64 = 0
        var count = 0
        var table = 0
        var next = range.lowerBound
        while true {
            while count <= 48, next < range.upperBound {
                bits = bits << 8 | UInt64(span[next])
                count += 8
                next += 1
            }
            if count == 0 { return table == 0 }
            // Behind the end stand ones, as padding does.
            let window =
                count >= 8 ? bits >> UInt64(count - 8) : bits << UInt64(8 - count) | 0xff >> UInt64(count)
            let eight = Int(window & 0xff)
            let entry = tables[table * 256 + eight]
            if entry >> 16 != 0 {
                if count < 8 { return isPadding(bits, count, table) }
                table = Int(entry >> 16)
                count -= 8
            } else {
                let length = Int(entry >> 8)
                if entry == 0 || length > count { return isPadding(bits, count, table) }
                output.append(UInt8(truncatingIfNeeded: entry))
                count -= length
                table = 0
            }
        }
    }

    /// What is left at the end must be fewer than eight bits, all ones (RFC 7541 section 5.2).
    private static func isPadding(_ bits: UInt64, _ count: Int, _ table: Int) -> Bool {
        let mask: UInt64 = (1 << UInt64(count)) - 1
        return table == 0 && count < 8 && bits & mask == mask
    }
}
