/// Where in an object something is wrong: `spec.containers[0].image`, `metadata.labels[app]`.
public indirect enum FieldPath: Sendable {
    case root(String)
    case child(FieldPath, String)
    case index(FieldPath, Int)
    case key(FieldPath, String)

    public init(_ name: String) { self = .root(name) }

    public subscript(name: String) -> FieldPath { .child(self, name) }
    public subscript(index: Int) -> FieldPath { .index(self, index) }
    public subscript(key key: String) -> FieldPath { .key(self, key) }

    public static let spec = FieldPath("spec")
    public static let metadata = FieldPath("metadata")
    public static let status = FieldPath("status")
}

extension FieldPath: CustomStringConvertible {
    public var description: String {
        switch self {
        case .root(let name): name
        case .child(let parent, let name): "\(parent).\(name)"
        case .index(let parent, let index): "\(parent)[\(index)]"
        case .key(let parent, let key): "\(parent)[\(key)]"
        }
    }
}
