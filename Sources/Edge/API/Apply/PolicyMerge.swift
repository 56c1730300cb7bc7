public import EdgeJSON

/// Lays what a mutating policy sets over an object, by the same merge as server-side apply, without owners.
public struct PolicyMerge: Sendable {
    private let type: MergeType
    private let schema: Schema

    /// - Parameter type: nil for a kind without schema.
    public init(type: TypeDefinition?, schema: Schema = .shared) {
        self.type = MergeType(type)
        self.schema = schema
    }

    public init(custom: CustomResource) {
        type = .custom(custom.root)
        schema = .shared
    }

    /// The paths of what a configuration sets within lists, maps and structs that are owned as a whole: what
    /// they hold now would be lost.
    public func atomics(in configuration: JSONObject) -> [String] {
        var found: [String] = []
        collect(.object(configuration), type, "", &found)
        return found
    }

    private func collect(_ value: JSONValue, _ type: MergeType, _ path: String, _ found: inout [String]) {
        switch value {
        case .object(let object):
            if case .atomic = type { found.append(path) }
            for member in object.members {
                guard let inner = type.member(member.key, schema)?.type else { continue }
                collect(member.value, inner, "\(path).\(member.key)", &found)
            }
        case .array(let elements):
            if case .atomic = type { found.append(path) }
            let inner = type.elementType(schema)
            // Elements of a list that is owned as a whole are not told again.
            if case .atomic = type { return }
            for (index, element) in elements.enumerated() {
                collect(element, inner, "\(path)[\(index)]", &found)
            }
        default: break
        }
    }

    public func merged(_ configuration: JSONObject, into object: JSONObject) -> JSONObject {
        AppliedMerge(schema).merge(object, configuration, type)
    }
}
