internal import Glibc

/// One rule of a mirror's `rewrite`: an expression on the repository's path and what stands for it.
///
/// The expressions are POSIX extended ones, which is what rewrite rules use in practice, with Go's `\d`, `\w`
/// and `\s` understood; of Go's other syntax everything is refused that would mean something else here.
struct RepositoryRewrite: Sendable {
    let pattern: String
    private let expression: PosixExpression
    private let replacement: [Piece]

    private enum Piece: Sendable {
        case text(String)
        case group(Int)
    }

    init(pattern: String, replacement: String) throws(ImageError) {
        self.pattern = pattern
        expression = try PosixExpression(goPattern: pattern)
        self.replacement = try Self.pieces(replacement)
    }

    /// The path with every match replaced, as Go's ReplaceAllString does; nil when nothing matches or changes.
    func apply(to path: String) -> String? {
        let bytes = Array(path.utf8)
        var output: [UInt8] = []
        var position = 0
        var lastEnd = -1
        while position <= bytes.count {
            guard let groups = expression.firstMatch(in: bytes, from: position),
                let match = groups.first ?? nil
            else { break }
            output += bytes[position..<match.lowerBound]
            // As in Go, an empty match right behind another match is none.
            for piece in replacement where !match.isEmpty || match.lowerBound != lastEnd {
                switch piece {
                case .text(let text): output += text.utf8
                case .group(let index):
                    if index < groups.count, let group = groups[index] { output += bytes[group] }
                }
            }
            position = match.upperBound
            lastEnd = position
            if match.isEmpty {
                if position < bytes.count { output.append(bytes[position]) }
                position += 1
            }
        }
        if position < bytes.count { output += bytes[position...] }
        let result = String(decoding: output, as: UTF8.self)
        return result == path ? nil : result
    }

    /// Go's template: `$1`, `${1}`, `$$`; a name that is no number stands for nothing.
    private static func pieces(_ template: String) throws(ImageError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = template[...]
        while let dollar = rest.firstIndex(of: "$") {
            if dollar > rest.startIndex { pieces.append(.text(String(rest[..<dollar]))) }
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                pieces.append(.text("$"))
                rest.removeFirst()
                continue
            }
            let name: Substring
            if rest.first == "{" {
                guard let close = rest.firstIndex(of: "}") else {
                    throw ImageError(.invalidContent, "replacement \"\(template)\" has an open brace")
                }
                name = rest[rest.index(after: rest.startIndex)..<close]
                rest = rest[rest.index(after: close)...]
            } else {
                name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                rest = rest.dropFirst(name.count)
            }
            guard let group = Int(name) else {
                throw ImageError(
                    .invalidContent, "replacement \"\(template)\" names a group that is no number")
            }
            pieces.append(.group(group))
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }
}

/// A compiled POSIX extended expression.
///
/// `@unchecked Sendable`: the C object is written only by init and deinit; regexec only reads it.
private final class PosixExpression: @unchecked Sendable {
    private let compiled: UnsafeMutablePointer<regex_t>
    private static let maximumGroups = 10

    init(goPattern: String) throws(ImageError) {
        compiled = try Self.compile(try Self.translate(goPattern), goPattern)
    }

    private static func compile(
        _ translated: String, _ goPattern: String
    ) throws(ImageError) -> UnsafeMutablePointer<regex_t> {
        let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        let code = regcomp(compiled, translated, REG_EXTENDED)
        if code == 0 { return compiled }
        var text = [CChar](repeating: 0, count: 256)
        let length = regerror(code, compiled, &text, text.count)
        compiled.deallocate()
        let cause = String(
            decoding: text.prefix(max(length, 1) - 1).map(UInt8.init(bitPattern:)), as: UTF8.self)
        throw ImageError(.invalidContent, "expression \"\(goPattern)\": \(cause)")
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    private static func translate(_ pattern: String) throws(ImageError) -> String {
        func refuse(_ what: String) -> ImageError {
            ImageError(.invalidContent, "expression \"\(pattern)\": \(what) is not supported")
        }
        var output = ""
        var characters = Array(pattern)[...]
        var isInSet = false
        while let character = characters.popFirst() {
            let next = characters.first
            switch character {
            case "\\":
                guard let next else { throw refuse("a trailing backslash") }
                characters.removeFirst()
                switch next {
                case "d": output += isInSet ? "0-9" : "[0-9]"
                case "w": output += isInSet ? "A-Za-z0-9_" : "[A-Za-z0-9_]"
                case "s" where !isInSet: output += "[ \t\r\n]"
                case "D" where !isInSet: output += "[^0-9]"
                case "W" where !isInSet: output += "[^A-Za-z0-9_]"
                case "A" where !isInSet: output += "^"
                case "z" where !isInSet: output += "$"
                case let literal where !literal.isLetter && !literal.isNumber:
                    output += isInSet ? String(literal) : "\\\(literal)"
                default: throw refuse("\\\(next)")
                }
            case "[" where !isInSet:
                isInSet = true
                output.append("[")
                if characters.first == "^" { output.append(characters.removeFirst()) }
                if characters.first == "]" { output.append(characters.removeFirst()) }
            case "]" where isInSet:
                isInSet = false
                output.append("]")
            case "(" where !isInSet && next == "?": throw refuse("a group that begins with (?")
            case "*" where !isInSet && next == "?", "+" where !isInSet && next == "?",
                "?" where !isInSet && next == "?", "}" where !isInSet && next == "?":
                throw refuse("a repetition that prefers fewer")
            default: output.append(character)
            }
        }
        return output
    }

    /// The ranges of the whole match and of its groups; nil for groups that took no part.
    func firstMatch(in bytes: [UInt8], from start: Int) -> [Range<Int>?]? {
        var matches = [regmatch_t](repeating: regmatch_t(), count: Self.maximumGroups)
        let text = bytes[start...].map(CChar.init(bitPattern:)) + [0]
        let flags = start > 0 ? REG_NOTBOL : 0
        guard regexec(compiled, text, matches.count, &matches, flags) == 0 else { return nil }
        return matches.map { match in
            match.rm_so < 0 ? nil : start + Int(match.rm_so)..<start + Int(match.rm_eo)
        }
    }
}
