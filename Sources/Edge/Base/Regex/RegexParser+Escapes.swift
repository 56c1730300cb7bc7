extension RegexParser {
    /// What stands at a backslash outside brackets.
    mutating func escape() throws(RegularExpressionError) -> RegexNode {
        let start = index
        index += 1
        guard let scalar = peek else { throw failure(.trailingBackslash, from: scalars.count) }
        switch scalar {
        case "A": return assertion(.beginOfText)
        case "z": return assertion(.endOfText)
        case "b": return assertion(.wordBoundary)
        case "B": return assertion(.notWordBoundary)
        case "C":
            // A single byte, which could split a code point: RE2 has it, Go does not.
            throw failure(.invalidEscape, from: start, to: index + 1)
        case "d", "D", "s", "S", "w", "W", "p", "P":
            index = start
            var set = RegexSet(ignoresCase: flags.ignoresCase)
            _ = try classEscape(into: &set)
            return .set(set)
        default:
            index = start
            return literal(try escapedScalar())
        }
    }

    private mutating func assertion(_ kind: RegexAssertion) -> RegexNode {
        index += 1
        return .assertion(kind)
    }

    /// The characters between `\Q` and `\E`; nil where no such text begins here.
    mutating func quotedLiterals() -> [RegexNode]? {
        guard peek == "\\", index + 1 < scalars.count, scalars[index + 1] == "Q" else { return nil }
        let start = index + 2
        var end = start
        while end < scalars.count,
            !(scalars[end] == "\\" && end + 1 < scalars.count && scalars[end + 1] == "E")
        {
            end += 1
        }
        index = min(end + 2, scalars.count)
        return scalars[start..<end].map { literal($0) }
    }

    /// Adds `\d`, `\pL`, ... to a set; false, without moving, where no class stands here.
    mutating func classEscape(into set: inout RegexSet) throws(RegularExpressionError) -> Bool {
        guard index + 1 < scalars.count, scalars[index] == "\\", scalars[index + 1].isASCII else {
            return false
        }
        let letter = UInt8(truncatingIfNeeded: scalars[index + 1].value)
        if let ranges = RegexSet.perl(letter) {
            index += 2
            if letter < UInt8(ascii: "a") { set.complements.append(ranges) } else { set.ranges += ranges }
            return true
        }
        guard letter == UInt8(ascii: "p") || letter == UInt8(ascii: "P") else { return false }
        let start = index
        index += 2
        var name: String
        if take("{") {
            let nameStart = index
            while peek != nil, peek != "}" { index += 1 }
            guard peek != nil else { throw failure(.invalidClassRange, from: start) }
            name = text(nameStart..<index)
            index += 1
        } else {
            guard peek != nil else { throw failure(.invalidClassRange, from: start) }
            name = text(index..<index + 1)
            index += 1
        }
        var isNegated = letter == UInt8(ascii: "P")
        if name.unicodeScalars.first == "^" {
            isNegated.toggle()
            name.unicodeScalars.removeFirst()
        }
        guard RegexCategory.isKnown(name) else { throw failure(.invalidClassRange, from: start, to: index) }
        set.categories.append(RegexSet.Category(name: name, isNegated: isNegated))
        return true
    }

    /// The code point that an escape such as `\n`, `\x41`, `\x{1F600}` or `\.` stands for.
    mutating func escapedScalar() throws(RegularExpressionError) -> Unicode.Scalar {
        let start = index
        index += 1
        guard let scalar = peek else { throw failure(.trailingBackslash, from: scalars.count) }
        index += 1
        switch scalar {
        case "a": return "\u{7}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{b}"
        case "x": return try hexadecimal(from: start)
        case "0": return octal(first: 0, digits: 2)
        case "1"..."7":
            // A single digit would be a back reference; with another octal digit it is a code point.
            if let next = peek, ("0"..."7").contains(next) {
                return octal(first: scalar.value - 0x30, digits: 2)
            }
            throw failure(.invalidEscape, from: start, to: index)
        default:
            if scalar.isASCII, scalar == "_" || !RegexScalar.isWord(scalar.value) { return scalar }
            throw failure(.invalidEscape, from: start, to: index)
        }
    }

    private mutating func octal(first: UInt32, digits: Int) -> Unicode.Scalar {
        var value = first
        for _ in 0..<digits {
            guard let digit = peek, ("0"..."7").contains(digit) else { break }
            value = value * 8 + digit.value - 0x30
            index += 1
        }
        return Unicode.Scalar(value) ?? "\u{fffd}"
    }

    private mutating func hexadecimal(from start: Int) throws(RegularExpressionError) -> Unicode.Scalar {
        var value: UInt32 = 0
        var count = 0
        let isBraced = take("{")
        while let digit = peek.flatMap({ Self.hexValue($0) }), isBraced || count < 2 {
            value = value << 4 | digit
            count += 1
            index += 1
            guard value <= 0x10ffff else { break }
        }
        guard isBraced ? count > 0 && take("}") : count == 2, let scalar = Unicode.Scalar(value) else {
            throw failure(.invalidEscape, from: start, to: min(index + 1, scalars.count))
        }
        return scalar
    }

    private static func hexValue(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x61 + 10
        case "A"..."F": scalar.value - 0x41 + 10
        default: nil
        }
    }

    /// A set in brackets.
    mutating func bracketSet() throws(RegularExpressionError) -> RegexSet {
        let start = index
        index += 1
        var set = RegexSet(ignoresCase: flags.ignoresCase)
        set.isNegated = take("^")
        var isFirst = true
        while isFirst || peek != "]" {
            guard peek != nil else { throw failure(.missingBracket, from: start) }
            isFirst = false
            if try posixClass(into: &set) { continue }
            if try classEscape(into: &set) { continue }
            try range(into: &set)
        }
        index += 1
        return set
    }

    private mutating func range(into set: inout RegexSet) throws(RegularExpressionError) {
        let start = index
        let low = try setScalar(from: start)
        var high = low
        if peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" {
            index += 1
            high = try setScalar(from: start)
        }
        guard low.value <= high.value else { throw failure(.invalidClassRange, from: start, to: index) }
        set.ranges.append(low.value...high.value)
        if set.ignoresCase, high.value - low.value < 512 {
            set.ranges += (low.value...high.value).flatMap(RegexScalar.otherCases).map { $0...$0 }
        }
    }

    private mutating func setScalar(from start: Int) throws(RegularExpressionError) -> Unicode.Scalar {
        guard let scalar = peek else { throw failure(.missingBracket, from: start) }
        if scalar == "\\" { return try escapedScalar() }
        index += 1
        return scalar
    }

    /// Adds `[:alpha:]` or `[:^alpha:]`; false, without moving, where none stands here.
    private mutating func posixClass(into set: inout RegexSet) throws(RegularExpressionError) -> Bool {
        guard peek == "[", index + 1 < scalars.count, scalars[index + 1] == ":" else { return false }
        var end = index + 2
        while end + 1 < scalars.count, !(scalars[end] == ":" && scalars[end + 1] == "]") { end += 1 }
        guard end + 1 < scalars.count else { return false }
        var name = text(index + 2..<end)
        let isNegated = name.unicodeScalars.first == "^"
        if isNegated { name.unicodeScalars.removeFirst() }
        guard let ranges = RegexSet.posix[name] else {
            throw failure(.invalidClassRange, from: index, to: end + 2)
        }
        if isNegated { set.complements.append(ranges) } else { set.ranges += ranges }
        index = end + 2
        return true
    }
}
