/// A JSON patch (RFC 6902) with the limits and the leniency of Kubernetes: negative array indices count from
/// the end, and of a failing operation nothing is applied.
public struct JSONPatch: Sendable {
    /// As in the API server: more are answered with 413.
    public static let maximumOperations = 10_000
    /// How many bytes all copies of one patch may add.
    public static let maximumCopiedBytes = 3 * 1024 * 1024

    private struct Operation {
        var name: String
        var path: JSONPointer
        var from: JSONPointer?
        var value: JSONValue?
    }

    private let operations: [Operation]

    /// Reads a patch document: an array of operations.
    public init(_ patch: JSONValue) throws(JSONPatchError) {
        guard case .array(let elements) = patch else {
            throw JSONPatchError(
                .malformed, "json: cannot unmarshal \(patch.kindName) into Go value of type jsonpatch.Patch")
        }
        guard elements.count <= Self.maximumOperations else {
            throw JSONPatchError(
                .tooLarge,
                "The allowed maximum operations in a JSON patch is \(Self.maximumOperations), "
                    + "got \(elements.count)")
        }
        var operations: [Operation] = []
        operations.reserveCapacity(elements.count)
        for element in elements { operations.append(try Self.operation(element)) }
        self.operations = operations
    }

    private static func operation(_ element: JSONValue) throws(JSONPatchError) -> Operation {
        guard case .object(let object) = element else {
            throw JSONPatchError(
                .malformed,
                "json: cannot unmarshal \(element.kindName) into Go value of type jsonpatch.Operation")
        }
        let name = object["op"]?.string ?? "unknown"
        guard let path = object["path"]?.string.flatMap(JSONPointer.init) else {
            throw JSONPatchError(.malformed, "\(name) operation failed to decode path")
        }
        var operation = Operation(name: name, path: path, from: nil, value: object["value"])
        switch name {
        case "remove": break
        case "add", "replace", "test":
            if operation.value == nil, name != "test" {
                throw JSONPatchError(.malformed, "\(name) operation of path \"\(path.text)\" has no value")
            }
        case "move", "copy":
            guard let from = object["from"]?.string.flatMap(JSONPointer.init) else {
                throw JSONPatchError(.malformed, "\(name) operation failed to decode from")
            }
            operation.from = from
        default: throw JSONPatchError(.malformed, "Unexpected kind: \(name)")
        }
        return operation
    }

    public func apply(to document: JSONValue) throws(JSONPatchError) -> JSONValue {
        var document = document
        var copiedBytes = 0
        for operation in operations {
            try Self.apply(operation, to: &document, &copiedBytes)
        }
        return document
    }

    private static func apply(
        _ operation: Operation, to document: inout JSONValue, _ copiedBytes: inout Int
    ) throws(JSONPatchError) {
        let path = operation.path
        switch operation.name {
        case "add": try add(operation.value ?? .null, at: path, to: &document)
        case "remove": try remove(at: path, from: &document)
        case "replace":
            guard document.value(at: path.tokens) != nil else {
                throw .missing("replace operation does not apply: doc is missing key: \(path.text)")
            }
            try checkDepth(operation.value ?? .null, path)
            try document.change(path.tokens[...]) { value throws(JSONPatchError) in
                value = operation.value ?? .null
            }
        case "test":
            // A member that is absent equals null.
            guard document.value(at: path.tokens) ?? .null == operation.value ?? .null else {
                throw JSONPatchError(.doesNotApply, "testing value \(path.text) failed: test failed")
            }
        case "move":
            let from = operation.from ?? path
            guard let value = document.value(at: from.tokens) else {
                throw .missing("move operation does not apply: doc is missing from path: \(from.text)")
            }
            guard !(path.tokens.count > from.tokens.count && path.tokens.starts(with: from.tokens)) else {
                throw JSONPatchError(
                    .doesNotApply, "move operation does not apply: \(from.text) is moved into itself")
            }
            if path.tokens == from.tokens { return }
            try remove(at: from, from: &document)
            try add(value, at: path, to: &document)
        default:
            let from = operation.from ?? path
            guard let value = document.value(at: from.tokens) else {
                throw .missing("copy operation does not apply: doc is missing from path: \(from.text)")
            }
            copiedBytes += value.encoded.count
            guard copiedBytes <= maximumCopiedBytes else {
                throw JSONPatchError(
                    .tooLarge,
                    "Unable to copy, the accumulated size increase of copy is \(copiedBytes), "
                        + "exceeding the limit \(maximumCopiedBytes)")
            }
            try add(value, at: path, to: &document)
        }
    }

    private static func add(
        _ value: JSONValue, at path: JSONPointer, to document: inout JSONValue
    ) throws(JSONPatchError) {
        try checkDepth(value, path)
        guard let last = path.tokens.last else {
            document = value
            return
        }
        let parents = path.tokens.dropLast()
        guard let parent = document.value(at: parents) else {
            throw .missing("add operation does not apply: doc is missing path: \"\(path.text)\"")
        }
        guard parent.isContainer else {
            throw .missing("add operation does not apply: doc is missing path: \"\(path.text)\"")
        }
        try document.change(parents) { parent throws(JSONPatchError) in
            if case .array(var elements) = parent {
                parent = .null
                let index =
                    last == "-"
                    ? elements.count : elementIndex(last, count: elements.count, upTo: elements.count)
                if let index { elements.insert(value, at: index) }
                parent = .array(elements)
                guard index != nil else {
                    throw JSONPatchError(
                        .doesNotApply,
                        "error in add for path: '\(path.text)': Unable to access invalid index: \(last): "
                            + "invalid index referenced")
                }
            } else {
                parent[last] = value
            }
        }
    }

    private static func remove(at path: JSONPointer, from document: inout JSONValue) throws(JSONPatchError) {
        guard let last = path.tokens.last, let parent = document.value(at: path.tokens.dropLast()),
            parent.isContainer
        else {
            throw .missing("remove operation does not apply: doc is missing path: \"\(path.text)\"")
        }
        guard document.value(at: path.tokens) != nil else {
            let cause =
                parent.array == nil
                ? "Unable to remove nonexistent key: \(last): missing value"
                : "Unable to access invalid index: \(last): invalid index referenced"
            throw JSONPatchError(.doesNotApply, "error in remove for path: '\(path.text)': \(cause)")
        }
        try document.change(path.tokens.dropLast()) { parent throws(JSONPatchError) in
            if case .array(var elements) = parent {
                parent = .null
                if let index = elementIndex(last, count: elements.count, upTo: elements.count - 1) {
                    elements.remove(at: index)
                }
                parent = .array(elements)
            } else {
                parent[last] = nil
            }
        }
    }

    /// A document must not become deeper than what the parser reads.
    private static func checkDepth(_ value: JSONValue, _ path: JSONPointer) throws(JSONPatchError) {
        guard path.tokens.count < JSONParser.maximumDepth,
            path.tokens.count + value.depth <= JSONParser.maximumDepth
        else {
            throw JSONPatchError(.tooLarge, "exceeded the maximum nesting depth at \(path.text.prefix(80))")
        }
    }
}
