public import EdgeBase
public import EdgeJSON

/// Typed reading and writing of one member. Reading never fails: a missing member or one of another type
/// reads as empty. Writing an empty value removes the member, as Kubernetes omits empty fields.
extension Optional where Wrapped == JSONValue {
    public var text: String {
        get { self?.string ?? "" }
        set { self = newValue.isEmpty ? nil : .string(newValue) }
    }

    public var optionalText: String? {
        get { self?.string }
        set { self = newValue.map(JSONValue.string) }
    }

    public var number: Int? {
        get { self?.int.map { Int(clamping: $0) } }
        set { self = newValue.map { .int(Int64($0)) } }
    }

    /// False when missing; writing false removes the member.
    public var flag: Bool {
        get { self?.bool ?? false }
        set { self = newValue ? .bool(true) : nil }
    }

    public var optionalFlag: Bool? {
        get { self?.bool }
        set { self = newValue.map(JSONValue.bool) }
    }

    public var strings: [String] {
        get { self?.strings ?? [] }
        set { self = newValue.isEmpty ? nil : .array(newValue.map(JSONValue.string)) }
    }

    /// A map of strings; written in the order of its keys.
    public var stringMap: [String: String] {
        get {
            guard case .object(let object)? = self else { return [:] }
            var map: [String: String] = [:]
            for member in object { map[member.key] = member.value.string }
            return map
        }
        set {
            let members = newValue.sorted { $0.key < $1.key }
                .map { JSONObject.Member($0.key, .string($0.value)) }
            self = members.isEmpty ? nil : .object(JSONObject(uniqueMembers: members))
        }
    }

    /// A point in time in `metav1.Time`'s form, whole seconds.
    public var time: Timestamp? {
        get { self?.string.flatMap { Timestamp(rfc3339: $0) } }
        set { self = newValue.map { .string($0.rfc3339) } }
    }

    /// A point in time in `metav1.MicroTime`'s form.
    public var microTime: Timestamp? {
        get { self?.string.flatMap { Timestamp(rfc3339: $0) } }
        set { self = newValue.map { .string($0.rfc3339Micro) } }
    }

    /// Nil when missing or not a quantity.
    public var quantity: Quantity? {
        get {
            guard let self else { return nil }
            return try? Quantity(self)
        }
        set { self = newValue.map { .string($0.description) } }
    }

    /// A resource list, such as `requests`; entries that are no quantities are left out.
    public var quantities: [String: Quantity] {
        get {
            guard case .object(let object)? = self else { return [:] }
            var map: [String: Quantity] = [:]
            for member in object { map[member.key] = try? Quantity(member.value) }
            return map
        }
        set {
            let members = newValue.sorted { $0.key < $1.key }
                .map { JSONObject.Member($0.key, .string($0.value.description)) }
            self = members.isEmpty ? nil : .object(JSONObject(uniqueMembers: members))
        }
    }

    public var intOrString: IntOrString? {
        get { IntOrString(self) }
        set { self = newValue?.value }
    }

    /// The elements of a list as views.
    public func views<View: JSONView>(of type: View.Type = View.self) -> [View] {
        guard case .array(let elements)? = self else { return [] }
        return elements.map(View.init)
    }
}

extension Array where Element: JSONView {
    /// The list as JSON; nil when empty.
    var jsonValue: JSONValue? { isEmpty ? nil : .array(map(\.json)) }
}
