internal import EdgeAPI
internal import EdgeJSON

extension Optional where Wrapped == JSONValue {
    /// The text of a scalar, empty for nothing.
    var shown: String { self.map { $0.isNull ? "" : $0.plainText } ?? "" }
    /// The whole number, 0 for nothing.
    var whole: Int64 { self?.int ?? 0 }
    /// `True` or `False`.
    var titleBool: String { self?.bool == true ? "True" : "False" }
    /// `true` or `false`.
    var goBool: String { self?.bool == true ? "true" : "false" }
    var members: [JSONObject.Member] { self?.object?.sortedMembers ?? [] }
    var elements: [JSONValue] { self?.array ?? [] }
    /// The quantity, in canonical form.
    var quantityText: String { self.flatMap { try? Quantity($0) }.map(\.description) ?? shown }
}
