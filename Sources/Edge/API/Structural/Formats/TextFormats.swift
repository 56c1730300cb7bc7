internal import EdgeBase

enum URIFormat {
    /// What Go's `url.ParseRequestURI` takes: an absolute URI, or an absolute path.
    static func isRequestURI(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x1f && $0 != 0x7f }) else { return false }
        if bytes[0] == UInt8(ascii: "/") { return hasValidEscapes(bytes[...]) && !bytes.contains(0x20) }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
        let scheme = bytes[..<colon]
        guard Names.isLower(bytes[0]) || Names.isUpper(bytes[0]),
            scheme.allSatisfy({ Names.isAlphanumeric($0) || Names.isOneOf($0, "+-.") })
        else { return false }
        let rest = bytes[(colon + 1)...]
        guard rest.starts(with: "//".utf8) else { return !rest.isEmpty }
        let authority = rest.dropFirst(2).prefix { !Names.isOneOf($0, "/?#") }
        return isAuthority(authority) && hasValidEscapes(rest.dropFirst(2 + authority.count))
    }

    private static func isAuthority(_ authority: ArraySlice<UInt8>) -> Bool {
        let host = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? []
        guard host.allSatisfy({ $0 > 0x20 && !Names.isOneOf($0, "\"<>\\^`{|}") }) else { return false }
        if host.first == UInt8(ascii: "[") {
            guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
            return isPort(host[(end + 1)...])
        }
        guard let colon = host.firstIndex(of: UInt8(ascii: ":")) else { return true }
        return isPort(host[colon...])
    }

    /// Empty, or `:` with digits.
    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        text.isEmpty
            || (text.first == UInt8(ascii: ":") && text.dropFirst().allSatisfy(Names.isDigit))
    }

    private static func hasValidEscapes(_ bytes: ArraySlice<UInt8>) -> Bool {
        let path = bytes.prefix { $0 != UInt8(ascii: "?") }
        for index in path.indices where path[index] == UInt8(ascii: "%") {
            let digits = path[(index + 1)...].prefix(2)
            guard digits.count == 2, NamedFormat.isHex(String(decoding: digits, as: UTF8.self)) else {
                return false
            }
        }
        return true
    }
}

enum EmailFormat {
    /// RFC 5322's addr-spec, alone or in angle brackets behind a name.
    static func isAddress(_ text: String) -> Bool {
        var address = Substring(text)
        if let open = text.lastIndex(of: "<"), text.hasSuffix(">") {
            address = text[text.index(after: open)...].dropLast()
        }
        guard let at = address.lastIndex(of: "@") else { return false }
        let local = address[..<at]
        let domain = address[address.index(after: at)...]
        let isQuoted = local.count > 2 && local.first == "\"" && local.last == "\""
        return (isQuoted || isDotAtom(local)) && isDotAtom(domain)
    }

    private static func isDotAtom(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.utf8.allSatisfy {
                    Names.isAlphanumeric($0) || Names.isOneOf($0, "!#$%&'*+-/=?^_`{|}~") || $0 >= 0x80
                }
        }
    }
}

enum HostnameFormat {
    /// RFC 1034 labels of letters, digits, symbols and inner dashes; the last of several has two letters or
    /// more and nothing else.
    static func isHostname(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255 else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.allSatisfy({ $0.utf8.count <= 63 && isLabel($0) }) else { return false }
        guard labels.count > 1, let last = labels.last else { return true }
        return last.count >= 2 && last.unicodeScalars.allSatisfy(\.properties.isAlphabetic)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard let first = label.unicodeScalars.first, let last = label.unicodeScalars.last else {
            return false
        }
        return isInner(first) && isInner(last)
            && label.unicodeScalars.allSatisfy { isInner($0) || $0 == "-" }
    }

    private static func isInner(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return Names.isAlphanumeric(UInt8(scalar.value)) || "$+<=>^`|~".unicodeScalars.contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: return true
        default: return scalar.properties.isAlphabetic
        }
    }
}
