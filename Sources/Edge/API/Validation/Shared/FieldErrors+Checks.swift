internal import EdgeBase
internal import EdgeJSON

/// The rules that many kinds share.
extension FieldErrors {
    mutating func nonNegative(_ path: FieldPath, _ value: Int?) {
        if let value, value < 0 { invalid(path, value, "must be greater than or equal to 0") }
    }

    mutating func immutable(_ path: FieldPath, _ new: JSONValue?, _ old: JSONValue?) {
        if new != old { invalid(path, new ?? .null, "field is immutable") }
    }

    /// One of a set of words; the empty one is missing.
    mutating func oneOf(_ path: FieldPath, _ value: String, _ supported: [String]) {
        if value.isEmpty {
            required(path)
        } else if !supported.contains(value) {
            notSupported(path, value, supported)
        }
    }

    /// One of a set of words, if there is any.
    mutating func optionalOneOf(_ path: FieldPath, _ value: String?, _ supported: [String]) {
        if let value, !supported.contains(value) { notSupported(path, value, supported) }
    }

    /// A name that must be there.
    mutating func requiredName(_ path: FieldPath, _ value: String, _ rule: NameRule) {
        if value.isEmpty { required(path) } else { invalid(path, value, rule.messages(value)) }
    }

    mutating func range(_ path: FieldPath, _ value: Int?, _ range: ClosedRange<Int>) {
        if let value, !range.contains(value) {
            invalid(path, value, Names.range(range.lowerBound, range.upperBound))
        }
    }

    /// A port's number or name.
    mutating func checkPort(_ path: FieldPath, _ port: IntOrString?) {
        switch port ?? .int(0) {
        case .int(let number): invalid(path, number, Names.port(number))
        case .string(let name): invalid(path, name, Names.portName(name))
        }
    }

    mutating func checkIP(_ path: FieldPath, _ text: String) {
        if IPAddress(text) == nil {
            invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
        }
    }

    mutating func checkCIDR(_ path: FieldPath, _ text: String) {
        guard let block = CIDR(text) else {
            invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
            return
        }
        if block.address != block.firstAddress {
            invalid(path, text, "must not have bits set beyond the prefix length")
        }
    }

    /// An address that a Service's traffic can be sent to: not one with a meaning of its own.
    mutating func checkOrdinaryIP(_ path: FieldPath, _ text: String) {
        guard let address = IPAddress(text) else {
            invalid(path, text, "must be a valid IP address")
            return
        }
        if address.isUnspecified { invalid(path, text, "may not be unspecified (\(address))") }
        if address.isLoopback {
            invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
        }
        if address.isLinkLocal {
            invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
        }
        switch address {
        case .v4(let address) where address.value >> 8 == 0xe00000:
            invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        case .v6(let address) where address.high >> 48 == 0xff02:
            invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        default: break
        }
    }

    /// A path below a directory: not absolute, without steps back.
    mutating func checkDescendingPath(_ path: FieldPath, _ text: String) {
        if text.hasPrefix("/") { invalid(path, text, "must be a relative path") }
        checkNoSteps(path, text)
    }

    mutating func checkNoSteps(_ path: FieldPath, _ text: String) {
        if text.split(separator: "/", omittingEmptySubsequences: false).contains("..") {
            invalid(path, text, "must not contain '..'")
        }
    }

    mutating func checkQuantities(_ path: FieldPath, _ quantities: [String: Quantity]) {
        for (key, value) in quantities.sorted(by: { $0.key < $1.key }) {
            nonNegativeQuantity(path[key: key], value)
        }
    }

    mutating func nonNegativeQuantity(_ path: FieldPath, _ quantity: Quantity) {
        if quantity < .zero {
            invalid(path, quantity.description, "must be greater than or equal to 0")
        }
    }

    mutating func positiveQuantity(_ path: FieldPath, _ quantity: Quantity) {
        if quantity <= .zero { invalid(path, quantity.description, "must be greater than zero") }
    }

    /// A number, or a share between 0% and 100%.
    mutating func checkCountOrPercent(_ path: FieldPath, _ value: IntOrString) {
        switch value {
        case .int(let number): nonNegative(path, number)
        case .string(let text):
            invalid(path, text, Names.percent(text))
        }
    }

    /// At most the whole.
    mutating func notMoreThanAll(_ path: FieldPath, _ value: IntOrString) {
        if let percent = value.percent, percent > 100 {
            invalid(path, value.value, "must not be greater than 100%")
        }
    }
}
