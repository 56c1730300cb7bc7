internal import EdgeAPI
internal import EdgeJSON

/// Orders objects or rows by a field, for `--sort-by`.
struct ObjectSorter {
    private let path: JSONPath
    private let expression: String

    init(_ field: String) throws {
        expression = try JSONPath.braced(field)
        path = try JSONPath(expression)
    }

    /// The elements in the order of the field; those without it come first. Throws when none has it.
    func sorted<Element>(_ elements: [Element], by object: (Element) -> JSONValue) throws -> [Element] {
        let keyed = try elements.map { (element: $0, key: try path.values(object($0)).first) }
        guard elements.isEmpty || keyed.contains(where: { $0.key != nil }) else {
            throw KubectlError(
                "couldn't find any field with path \(goQuoted(expression)) in the list of objects")
        }
        return keyed.enumerated().sorted { left, right in
            if Self.isLess(left.element.key, right.element.key) { return true }
            if Self.isLess(right.element.key, left.element.key) { return false }
            return left.offset < right.offset
        }.map(\.element.element)
    }

    private static func isLess(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        guard let left else { return right != nil }
        guard let right else { return false }
        if let left = left.double, let right = right.double { return left < right }
        guard let left = left.string, let right = right.string else { return false }
        if let left = try? Quantity(left), let right = try? Quantity(right) { return left < right }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
