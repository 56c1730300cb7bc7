/// A part of a parsed JSONPath template.
indirect enum JSONPathNode: Sendable, Equatable {
    /// What stands between braces: each node is applied to what the one before yields.
    case list([JSONPathNode])
    case text(String)
    case field(String)
    case slice(start: Int?, end: Int?, step: Int?, endIsDerived: Bool)
    case wildcard
    case recursive
    case union([[JSONPathNode]])
    case filter(left: [JSONPathNode], operator: String, right: [JSONPathNode])
    case int(Int64)
    case float(Double)
    case bool(Bool)
    case range
    case end
}

/// Why a template is no JSONPath, or cannot be applied to an object.
struct JSONPathError: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
