internal import EdgeBase

/// Names of the reverse zones: RFC 1035 section 3.5 and RFC 3596 section 2.5.
enum ReverseName {
    static let v4Suffix = WireName(lowercasedBytes: wire(["in-addr", "arpa"]))
    static let v6Suffix = WireName(lowercasedBytes: wire(["ip6", "arpa"]))

    /// `5.0.42.10.in-addr.arpa` and the like.
    static func name(of address: IPAddress) -> WireName {
        name(of: address, units: address.bitWidth / unitBits(address))
    }

    /// The zone of a network; one whose length does not end between two labels gets the next larger zone.
    static func zone(of network: CIDR) -> WireName {
        name(of: network.firstAddress, units: network.prefixLength / unitBits(network.firstAddress))
    }

    /// The network that a reverse name stands for: one address for a whole name, more for one with fewer
    /// labels; nil for every other name.
    static func network(of name: WireName) -> CIDR? {
        if name.isWithin(v4Suffix) {
            let labels = name.labels(before: v4Suffix)
            guard labels.count <= 4 else { return nil }
            var bytes = [UInt8](repeating: 0, count: 4)
            for (index, label) in labels.reversed().enumerated() {
                guard let number = UInt8(String(decoding: label, as: UTF8.self)),
                    String(number).utf8.count == label.count
                else { return nil }
                bytes[index] = number
            }
            return IPAddress(bytes: bytes).flatMap { CIDR($0, prefixLength: labels.count * 8) }
        }
        guard name.isWithin(v6Suffix) else { return nil }
        let labels = name.labels(before: v6Suffix)
        guard labels.count <= 32 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        for (index, label) in labels.reversed().enumerated() {
            guard label.count == 1, let byte = label.first, let digit = hexDigits.firstIndex(of: byte) else {
                return nil
            }
            bytes[index / 2] |= UInt8(digit) << (index % 2 == 0 ? 4 : 0)
        }
        return IPAddress(bytes: bytes).flatMap { CIDR($0, prefixLength: labels.count * 4) }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// How many bits a label stands for.
    private static func unitBits(_ address: IPAddress) -> Int { address.isIPv4 ? 8 : 4 }

    private static func name(of address: IPAddress, units: Int) -> WireName {
        var bytes: [UInt8] = []
        for unit in (0..<units).reversed() {
            if address.isIPv4 {
                let text = String(address.bytes[unit])
                bytes.append(UInt8(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            } else {
                let byte = address.bytes[unit / 2]
                bytes.append(1)
                bytes.append(hexDigits[Int(unit % 2 == 0 ? byte >> 4 : byte & 0xf)])
            }
        }
        return WireName(lowercasedBytes: bytes + (address.isIPv4 ? v4Suffix : v6Suffix).bytes)
    }

    private static func wire(_ labels: [String]) -> [UInt8] {
        labels.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }
}
