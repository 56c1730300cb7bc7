/// `$(NAME)` in commands, arguments and values (Kubernetes' third_party/forked/golang/expansion).
enum VariableExpansion {
    /// `$$` is one dollar; what is not known stays as it is.
    static func expand(_ text: String, _ values: [String: String]) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(dollar) else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == dollar, index + 1 < bytes.count else {
                result.append(bytes[index])
                index += 1
                continue
            }
            switch bytes[index + 1] {
            case dollar:
                result.append(dollar)
                index += 2
            case UInt8(ascii: "("):
                guard let end = bytes[(index + 2)...].firstIndex(of: UInt8(ascii: ")")) else {
                    // Not closed: the opening stays, and what follows is read on.
                    result += [dollar, UInt8(ascii: "(")]
                    index += 2
                    continue
                }
                let name = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
                result += values[name].map { Array($0.utf8) } ?? Array(bytes[index...end])
                index = end + 1
            default:
                // A dollar before anything else stays together with it.
                result += [dollar, bytes[index + 1]]
                index += 2
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// As `expand`, but an unknown name is an error: for `subPathExpr`.
    static func expandStrictly(_ text: String, _ values: [String: String]) throws(KubeletError) -> String {
        var names: [String] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "$(")?.lowerBound {
            if start > rest.startIndex, rest[rest.index(before: start)] == "$" {
                rest = rest[rest.index(start, offsetBy: 2)...]
                continue
            }
            let body = rest[rest.index(start, offsetBy: 2)...]
            guard let end = body.firstIndex(of: ")") else { break }
            names.append(String(body[..<end]))
            rest = body[body.index(after: end)...]
        }
        let missing = names.filter { values[$0] == nil }
        guard missing.isEmpty else {
            throw KubeletError("missing value for \(missing.map { "\"\($0)\"" }.joined(separator: ", "))")
        }
        return expand(text, values)
    }

    private static let dollar = UInt8(ascii: "$")
}
