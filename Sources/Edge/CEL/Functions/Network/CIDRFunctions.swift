internal import EdgeBase

/// Networks (Kubernetes' `net.CIDR`).
enum CIDRFunctions {
    static let type = CELType.opaque("net.CIDR")

    struct Value: CELOpaqueValue {
        let cidr: CIDR
        var type: CELType { CIDRFunctions.type }
        var text: String { cidr.description }
        var costSize: UInt64 { UInt64((cidr.prefixLength + 7) / 8) }

        func equals(_ other: any CELOpaqueValue) -> Bool { (other as? Value)?.cidr == cidr }
    }

    private static func cidr(_ value: CELValue) throws(CELEvaluationError) -> CIDR {
        guard case .opaque(let value) = value, let value = value as? Value else { throw .noSuchOverload }
        return value.cidr
    }

    private static func parse(_ text: String) throws(CELEvaluationError) -> CIDR {
        let quoted = StringFunctions.goQuoted(text)
        guard let cidr = CIDR(text) else {
            throw CELEvaluationError(
                "network address parse error during conversion from string: network address parse error during "
                    + "conversion from string: netip.ParsePrefix(\(quoted)): unable to parse prefix")
        }
        if case .v6(let v6) = cidr.address, v6.mappedIPv4 != nil {
            throw CELEvaluationError(
                "network address parse error during conversion from string: IPv4-mapped IPv6 address \(quoted) "
                    + "is not allowed")
        }
        return cidr
    }

    static func declare(in table: inout FunctionTable) {
        table.global("cidr", "string_to_cidr", [.string], type) { values throws(CELEvaluationError) in
            .opaque(Value(cidr: try parse(values[0].asText)))
        }
        table.global("isCIDR", "is_cidr", [.string], .bool) { values throws(CELEvaluationError) in
            do throws(CELEvaluationError) {
                _ = try parse(values[0].asText)
                return .bool(true)
            } catch { return .bool(false) }
        }
        table.global("string", "cidr_to_string", [type], .string) { values throws(CELEvaluationError) in
            .string(try cidr(values[0]).description)
        }
        table.member("ip", "cidr_ip", [type], AddressFunctions.type) { values throws(CELEvaluationError) in
            .opaque(AddressFunctions.Value(address: try cidr(values[0]).address))
        }
        table.member("prefixLength", "cidr_prefix_length", [type], .int) {
            values throws(CELEvaluationError) in
            .int(Int64(try cidr(values[0]).prefixLength))
        }
        table.member("masked", "cidr_masked", [type], type) { values throws(CELEvaluationError) in
            .opaque(Value(cidr: try cidr(values[0]).network))
        }
        table.member("containsIP", "cidr_contains_ip_string", [type, .string], .bool) {
            values throws(CELEvaluationError) in
            .bool(try cidr(values[0]).contains(AddressFunctions.parse(values[1].asText)))
        }
        table.member("containsIP", "cidr_contains_ip_ip", [type, AddressFunctions.type], .bool) {
            values throws(CELEvaluationError) in
            .bool(try cidr(values[0]).contains(AddressFunctions.address(values[1])))
        }
        table.member("containsCIDR", "cidr_contains_cidr_string", [type, .string], .bool) {
            values throws(CELEvaluationError) in
            .bool(try cidr(values[0]).contains(parse(values[1].asText)))
        }
        table.member("containsCIDR", "cidr_contains_cidr", [type, type], .bool) {
            values throws(CELEvaluationError) in
            .bool(try cidr(values[0]).contains(cidr(values[1])))
        }
    }
}
