/// Reads the schema table: see Scripts/generate-schema.py for its form. The table is part of the program, so
/// a record that does not read is a mistake of the build and stops it in the first test.
struct SchemaParser {
    private(set) var resources: [ResourceDefinition] = []
    private(set) var types: [TypeDefinition] = []
    private(set) var typePlaces: [String: TypeID] = [:]

    private let text: UnsafeBufferPointer<UInt8>
    private var names: [String: String] = [:]

    /// The type whose fields are being read.
    private struct OpenType {
        var name = ""
        var groupVersionKind: GroupVersionKind?
        var isAtomic = false
        var fields: [FieldDefinition] = []
    }
    private var openType = OpenType()

    init(_ text: StaticString) {
        self.text = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    mutating func parse() {
        numberTypes()
        forEachLine { parser, words in
            switch words[0] {
            case "R": parser.addResource(words)
            case "S": parser.addSubresource(words)
            case "T": parser.beginType(words)
            default: parser.addField(words)
            }
        }
        endType()
        names = [:]
    }

    /// The first pass: fields name types that come later.
    private mutating func numberTypes() {
        var count: UInt16 = 0
        forEachLine(startingWith: UInt8(ascii: "T")) { parser, words in
            parser.typePlaces[words[1]] = TypeID(index: count)
            count += 1
        }
    }

    private mutating func forEachLine(
        startingWith mark: UInt8? = nil, _ body: (inout SchemaParser, [String]) -> Void
    ) {
        var index = 0
        var words: [String] = []
        while index < text.count {
            var end = index
            while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
            defer { index = end + 1 }
            guard end > index else { continue }
            if let mark, text[index] != mark || text[index + 1] != UInt8(ascii: " ") { continue }
            words.removeAll(keepingCapacity: true)
            var start = index
            while start < end {
                var stop = start
                while stop < end, text[stop] != UInt8(ascii: " ") { stop += 1 }
                words.append(interned(UnsafeBufferPointer(rebasing: text[start..<stop])))
                start = stop + 1
            }
            body(&self, words)
        }
    }

    /// Texts of up to 15 bytes live inside the String; longer ones share one copy.
    private mutating func interned(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.count > 15 else { return text == "-" ? "" : text }
        if let known = names[text] { return known }
        names[text] = text
        return text
    }

    private mutating func addResource(_ words: [String]) {
        let isEvent = words[4] == "Event"
        let isAutoscaler = words[4] == "HorizontalPodAutoscaler"
        resources.append(
            ResourceDefinition(
                group: words[2], version: words[3], resource: words[1], kind: words[4],
                isNamespaced: words[5] == "n", verbs: Self.verbs(words[8]), shortNames: Self.list(words[6]),
                categories: Self.list(words[7]), storageGroup: isEvent ? "" : words[2],
                storageVersion: isAutoscaler ? "v2" : words[3]))
    }

    private mutating func addSubresource(_ words: [String]) {
        resources[resources.count - 1].subresources.append(
            SubresourceDefinition(
                name: words[1], kind: .init(group: words[2], version: words[3], kind: words[4]),
                verbs: Self.verbs(words[5])))
    }

    private mutating func beginType(_ words: [String]) {
        endType()
        openType.name = words[1]
        if words.count > 2, !words[2].isEmpty {
            let parts = words[2].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            openType.groupVersionKind = .init(group: parts[0], version: parts[1], kind: parts[2])
        }
        openType.isAtomic = words.count > 3 && words[3] == "A"
    }

    private mutating func endType() {
        guard !openType.name.isEmpty else { return }
        types.append(
            TypeDefinition(
                name: openType.name, id: TypeID(index: UInt16(types.count)),
                groupVersionKind: openType.groupVersionKind, isAtomic: openType.isAtomic,
                fields: openType.fields))
        openType = OpenType()
    }

    private mutating func addField(_ words: [String]) {
        let (shape, value) = fieldType(words[1])
        let numbers = words.count > 2 ? Self.numbers(words[2]) : []
        openType.fields.append(
            FieldDefinition(
                name: words[0], value: value, shape: shape,
                flags: words.count > 3 ? Self.flags(words[3]) : [],
                patchMergeKey: words.count > 4 ? words[4] : "",
                listMapKeys: words.count > 5 ? Self.list(words[5]) : [],
                protobufPath: ProtobufPath(numbers)))
    }

    private func fieldType(_ code: String) -> (FieldDefinition.Shape, ValueType) {
        switch code.utf8.first {
        case UInt8(ascii: "["): return (.list, valueType(String(code.dropFirst().dropLast())))
        case UInt8(ascii: "{"):
            let inner = String(code.dropFirst().dropLast())
            let (shape, value) = fieldType(inner)
            return (shape == .list ? .mapOfLists : .map, value)
        default: return (.single, valueType(code))
        }
    }

    private func valueType(_ code: String) -> ValueType {
        if code.utf8.count == 1, let letter = code.utf8.first { return Self.scalar(letter) }
        guard let id = typePlaces[code] else { preconditionFailure("schema table: no type \(code)") }
        return .object(id)
    }

    private static func scalar(_ letter: UInt8) -> ValueType {
        switch letter {
        case UInt8(ascii: "s"): .string
        case UInt8(ascii: "b"): .bool
        case UInt8(ascii: "i"): .int32
        case UInt8(ascii: "l"): .int64
        case UInt8(ascii: "d"): .double
        case UInt8(ascii: "q"): .quantity
        case UInt8(ascii: "o"): .intOrString
        case UInt8(ascii: "t"): .time
        case UInt8(ascii: "u"): .microTime
        case UInt8(ascii: "y"): .bytes
        case UInt8(ascii: "r"): .rawExtension
        case UInt8(ascii: "F"): .fieldsV1
        case UInt8(ascii: "J"): .json
        case UInt8(ascii: "A"): .schemaOrArray
        case UInt8(ascii: "B"): .schemaOrBool
        case UInt8(ascii: "C"): .schemaOrStrings
        default: preconditionFailure("schema table: no scalar \(letter)")
        }
    }

    /// `2.2.1`, or a single number.
    private static func numbers(_ text: String) -> [UInt8] {
        if let number = UInt8(text) { return [number] }
        return text.split(separator: ".").compactMap { UInt8($0) }
    }

    private static func list(_ text: String) -> [String] {
        text.isEmpty ? [] : text.split(separator: ",").map(String.init)
    }

    private static func verbs(_ letters: String) -> APIVerb {
        letters.utf8.reduce(into: []) { verbs, letter in
            switch letter {
            case UInt8(ascii: "c"): verbs.insert(.create)
            case UInt8(ascii: "d"): verbs.insert(.delete)
            case UInt8(ascii: "D"): verbs.insert(.deleteCollection)
            case UInt8(ascii: "g"): verbs.insert(.get)
            case UInt8(ascii: "l"): verbs.insert(.list)
            case UInt8(ascii: "p"): verbs.insert(.patch)
            case UInt8(ascii: "u"): verbs.insert(.update)
            default: verbs.insert(.watch)
            }
        }
    }

    private static func flags(_ letters: String) -> FieldDefinition.Flags {
        letters.utf8.reduce(into: []) { flags, letter in
            switch letter {
            case UInt8(ascii: "r"): flags.insert(.required)
            case UInt8(ascii: "e"): flags.insert(.isWrittenEmpty)
            case UInt8(ascii: "p"): flags.insert(.isPointer)
            case UInt8(ascii: "a"): flags.insert(.listAtomic)
            case UInt8(ascii: "s"): flags.insert(.listSet)
            case UInt8(ascii: "m"): flags.insert(.listMap)
            case UInt8(ascii: "M"): flags.insert(.patchMerge)
            case UInt8(ascii: "R"): flags.insert(.patchRetainKeys)
            case UInt8(ascii: "X"): flags.insert(.patchReplace)
            default: flags.insert(.mapAtomic)
            }
        }
    }
}
