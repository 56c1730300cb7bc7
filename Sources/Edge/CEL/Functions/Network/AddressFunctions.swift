internal import EdgeBase

/// IP addresses (Kubernetes' `net.IP`).
enum AddressFunctions {
    static let type = CELType.opaque("net.IP")

    struct Value: CELOpaqueValue {
        let address: IPAddress
        var type: CELType { AddressFunctions.type }
        var text: String { address.description }
        var costSize: UInt64 { UInt64(address.bitWidth / 8) }

        func equals(_ other: any CELOpaqueValue) -> Bool { (other as? Value)?.address == address }
    }

    static func address(_ value: CELValue) throws(CELEvaluationError) -> IPAddress {
        guard case .opaque(let value) = value, let value = value as? Value else { throw .noSuchOverload }
        return value.address
    }

    static func parse(_ text: String) throws(CELEvaluationError) -> IPAddress {
        let quoted = StringFunctions.goQuoted(text)
        if let percent = text.firstIndex(of: "%"), IPv6Address(String(text[..<percent])) != nil {
            throw CELEvaluationError("IP address \(quoted) with zone value is not allowed")
        }
        guard let address = IPAddress(text) else {
            throw CELEvaluationError(
                "IP Address \(quoted) parse error during conversion from string: ParseAddr(\(quoted)): unable to parse IP"
            )
        }
        if case .v6(let v6) = address, v6.mappedIPv4 != nil {
            throw CELEvaluationError("IPv4-mapped IPv6 address \(quoted) is not allowed")
        }
        return address
    }

    static func declare(in table: inout FunctionTable) {
        table.global("ip", "string_to_ip", [.string], type) { values throws(CELEvaluationError) in
            .opaque(Value(address: try parse(values[0].asText)))
        }
        table.global("isIP", "is_ip", [.string], .bool) { values throws(CELEvaluationError) in
            do throws(CELEvaluationError) {
                _ = try parse(values[0].asText)
                return .bool(true)
            } catch { return .bool(false) }
        }
        table.global("ip.isCanonical", "ip_is_canonical", [.string], .bool) {
            values throws(CELEvaluationError) in
            .bool(try parse(values[0].asText).description == values[0].asText)
        }
        table.global("string", "ip_to_string", [type], .string) { values throws(CELEvaluationError) in
            .string(try address(values[0]).description)
        }
        table.member("family", "ip_family", [type], .int) { values throws(CELEvaluationError) in
            .int(try address(values[0]).isIPv4 ? 4 : 6)
        }
        let kinds: [(String, String, @Sendable (IPAddress) -> Bool)] = [
            ("isUnspecified", "ip_is_unspecified", { $0.isUnspecified }),
            ("isLoopback", "ip_is_loopback", { $0.isLoopback }),
            ("isLinkLocalUnicast", "ip_is_link_local_unicast", { $0.isLinkLocal }),
            ("isLinkLocalMulticast", "ip_is_link_local_multicast", isLinkLocalMulticast),
            ("isGlobalUnicast", "ip_is_global_unicast", isGlobalUnicast),
        ]
        for (name, id, holds) in kinds {
            table.member(name, id, [type], .bool) { values throws(CELEvaluationError) in
                .bool(holds(try address(values[0])))
            }
        }
    }

    /// 224.0.0.0/24 and ff02::/16 (with any flags, as Go has it).
    private static func isLinkLocalMulticast(_ address: IPAddress) -> Bool {
        switch address {
        case .v4(let v4): v4.value >> 8 == 0xe00000
        case .v6(let v6): v6.high >> 48 & 0xff0f == 0xff02
        }
    }

    private static func isMulticast(_ address: IPAddress) -> Bool {
        switch address {
        case .v4(let v4): v4.value >> 28 == 0xe
        case .v6(let v6): v6.isMulticast
        }
    }

    private static func isGlobalUnicast(_ address: IPAddress) -> Bool {
        if case .v4(let v4) = address, v4.value == .max { return false }
        return !address.isUnspecified && !address.isLoopback && !address.isLinkLocal && !isMulticast(address)
    }
}
