/// The words that steer a merge, as members of a patch.
enum PatchDirective {
    static let marker = "$patch"
    static let retainKeys = "$retainKeys"
    private static let deleteFromPrimitiveList = "$deleteFromPrimitiveList"
    private static let setElementOrder = "$setElementOrder"

    static func deletionKey(_ field: String) -> String { "\(deleteFromPrimitiveList)/\(field)" }
    static func orderKey(_ field: String) -> String { "\(setElementOrder)/\(field)" }

    /// The field that a `$deleteFromPrimitiveList/field` is about; nil for other keys.
    static func deletionField(_ key: String) throws(StrategicMergeError) -> String? {
        guard key.hasPrefix(deleteFromPrimitiveList) else { return nil }
        guard let field = suffix(key, deleteFromPrimitiveList) else { throw .primitiveList }
        return field
    }

    /// The field that a `$setElementOrder/field` is about; nil for other keys.
    static func orderField(_ key: String) throws(StrategicMergeError) -> String? {
        guard key.hasPrefix(setElementOrder) else { return nil }
        guard let field = suffix(key, setElementOrder) else { throw .setElementOrder }
        return field
    }

    private static func suffix(_ key: String, _ prefix: String) -> String? {
        let rest = key.dropFirst(prefix.count)
        return rest.first == "/" ? String(rest.dropFirst()) : nil
    }
}
