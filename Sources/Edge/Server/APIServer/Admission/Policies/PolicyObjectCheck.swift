internal import EdgeAPI
internal import EdgeCEL

/// Objects that expressions build carry the names of their types, such as `Object.spec.template`; each must be
/// that of the place where the object stands.
enum PolicyObjectCheck {
    /// What is wrong, in Kubernetes' words; nil for nothing.
    static func mismatch(_ value: CELValue, _ expected: String) -> String? {
        switch value {
        case .map(let map):
            if let type = map.objectType, type.name != expected {
                return
                    "unexpected type name \(type.name.goQuoted), expected \(expected.goQuoted), which matches field name path from root Object type"
            }
            for key in map.keys {
                guard let name = key.string, let inner = map.find(key) else { continue }
                if let found = mismatch(inner, "\(expected).\(name)") { return found }
            }
        case .list(let list):
            for inner in list.values {
                if let found = mismatch(inner, expected) { return found }
            }
        case .optional(let inner?): return mismatch(inner, expected)
        default: break
        }
        return nil
    }
}
