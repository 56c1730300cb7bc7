public import EdgeJSON

/// A typed look at one part of an object's JSON tree. Fields are read when asked for; fields that the view
/// does not name stay in the tree untouched.
public protocol JSONView: Sendable, Equatable {
    var json: JSONValue { get set }
    init(_ json: JSONValue)
}

extension JSONView {
    /// An empty one, to be filled.
    public init() { self.init(.object(JSONObject())) }

    public var isEmpty: Bool { json.object?.isEmpty ?? true }
}
