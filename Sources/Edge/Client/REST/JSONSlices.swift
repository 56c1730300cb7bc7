public import EdgeJSON

/// Finds where in a JSON text the members of an object or the elements of an array lie, without building
/// values: so an object out of a LIST or a WATCH is kept in the very bytes that came.
public struct JSONSlices {
    private let bytes: ArraySlice<UInt8>
    private var index: Int

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    /// The members of the object that `bytes` is.
    public static func members(
        of bytes: ArraySlice<UInt8>
    ) throws(JSONError) -> [(key: String, value: ArraySlice<UInt8>)] {
        var slices = JSONSlices(bytes)
        var members: [(key: String, value: ArraySlice<UInt8>)] = []
        try slices.open("{")
        if slices.take("}") { return members }
        repeat {
            let key = try slices.skipValue()
            guard case .string(let name) = try JSONParser.parse(key) else {
                throw JSONError("expected a key", offset: slices.index)
            }
            guard slices.take(":") else { throw JSONError("expected ':'", offset: slices.index) }
            members.append((name, try slices.skipValue()))
        } while slices.take(",")
        guard slices.take("}") else { throw JSONError("expected ',' or '}'", offset: slices.index) }
        return members
    }

    /// The elements of the array that `bytes` is; none for `null`.
    public static func elements(of bytes: ArraySlice<UInt8>) throws(JSONError) -> [ArraySlice<UInt8>] {
        var slices = JSONSlices(bytes)
        if bytes.elementsEqual("null".utf8) { return [] }
        var elements: [ArraySlice<UInt8>] = []
        try slices.open("[")
        if slices.take("]") { return elements }
        repeat { elements.append(try slices.skipValue()) } while slices.take(",")
        guard slices.take("]") else { throw JSONError("expected ',' or ']'", offset: slices.index) }
        return elements
    }

    private mutating func open(_ mark: Unicode.Scalar) throws(JSONError) {
        guard take(mark) else { throw JSONError("expected '\(mark)'", offset: index) }
    }

    private mutating func skipSpace() {
        while index < bytes.endIndex {
            switch bytes[index] {
            case 0x20, 0x09, 0x0a, 0x0d: index += 1
            default: return
            }
        }
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        skipSpace()
        guard index < bytes.endIndex, bytes[index] == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    /// Goes behind one value and returns its bytes. Brackets are only counted: what is between them is
    /// checked when somebody parses it.
    private mutating func skipValue() throws(JSONError) -> ArraySlice<UInt8> {
        skipSpace()
        let start = index
        var depth = 0
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                try skipString()
                if depth == 0 { return bytes[start..<index] }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return try scalar(from: start) }
                depth -= 1
                if depth == 0 {
                    index += 1
                    return bytes[start..<index]
                }
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                if depth == 0 { return try scalar(from: start) }
            default: break
            }
            index += 1
        }
        guard depth == 0 else { throw JSONError("unexpected end of JSON input", offset: index) }
        return try scalar(from: start)
    }

    private func scalar(from start: Int) throws(JSONError) -> ArraySlice<UInt8> {
        guard index > start else { throw JSONError("expected a value", offset: index) }
        return bytes[start..<index]
    }

    private mutating func skipString() throws(JSONError) {
        index += 1
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        throw JSONError("unexpected end of JSON input in a string", offset: index)
    }
}
