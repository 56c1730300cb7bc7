public import EdgeJSON

/// A path through an object, as printer columns, scale and selectable fields name values:
/// `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`, `.spec.hosts[0]`,
/// `.metadata.labels['app\.io/name']`.
public struct SimpleJSONPath: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        case name(String)
        case index(Int)
        case all
        case filter(Filter)
    }

    struct Filter: Sendable, Hashable {
        enum Relation: String, CaseIterable {
            // The longer ones first: they are looked for in this order.
            case equal = "=="
            case notEqual = "!="
            case lessOrEqual = "<="
            case moreOrEqual = ">="
            case less = "<"
            case more = ">"
        }

        var path: SimpleJSONPath
        var relation: Relation?
        /// What the value is compared with: a number or a text.
        var operand: String
    }

    let steps: [Step]

    /// Nil for what is no such path.
    public init?(_ text: String) {
        var parser = Parser(rest: Substring(text))
        guard let steps = parser.parse() else { return nil }
        self.steps = steps
    }

    /// The names of a path that has nothing but names.
    public var names: [String]? {
        var names: [String] = []
        for step in steps {
            guard case .name(let name) = step else { return nil }
            names.append(name)
        }
        return names
    }

    /// The first value at the end of the path.
    public func first(in value: JSONValue) -> JSONValue? { values(in: value).first }

    func values(in value: JSONValue) -> [JSONValue] {
        var found = [value]
        for step in steps {
            found = found.flatMap { Self.follow(step, $0) }
            if found.isEmpty { break }
        }
        return found
    }

    private static func follow(_ step: Step, _ value: JSONValue) -> [JSONValue] {
        switch step {
        case .name(let name): return value[name].map { [$0] } ?? []
        case .index(let index):
            guard let elements = value.array else { return [] }
            let place = index < 0 ? elements.count + index : index
            return elements.indices.contains(place) ? [elements[place]] : []
        case .all: return value.array ?? value.object?.map(\.value) ?? []
        case .filter(let filter): return (value.array ?? []).filter(filter.accepts)
        }
    }
}

extension SimpleJSONPath.Filter {
    func accepts(_ value: JSONValue) -> Bool {
        guard let found = path.first(in: value) else { return false }
        guard let relation else { return true }
        if let left = found.double, let right = Double(operand) {
            switch relation {
            case .equal: return left == right
            case .notEqual: return left != right
            case .less: return left < right
            case .lessOrEqual: return left <= right
            case .more: return left > right
            case .moreOrEqual: return left >= right
            }
        }
        let left = found.string ?? found.description
        switch relation {
        case .equal: return left == operand
        case .notEqual: return left != operand
        case .less: return left < operand
        case .lessOrEqual: return left <= operand
        case .more: return left > operand
        case .moreOrEqual: return left >= operand
        }
    }
}

extension SimpleJSONPath {
    private struct Parser {
        var rest: Substring

        mutating func parse() -> [Step]? {
            var steps: [Step] = []
            while let next = rest.first {
                rest.removeFirst()
                switch next {
                case ".":
                    if rest.first == "[" || rest.isEmpty { continue }
                    guard let name = name() else { return nil }
                    steps.append(name == "*" ? .all : .name(name))
                case "[":
                    guard let step = bracket() else { return nil }
                    steps.append(step)
                default: return nil
                }
            }
            return steps
        }

        /// Up to the next `.` or `[`; a backslash takes the next character as it is.
        private mutating func name() -> String? {
            var name = ""
            while let next = rest.first, next != ".", next != "[" {
                rest.removeFirst()
                if next == "\\" {
                    guard let escaped = rest.popFirst() else { return nil }
                    name.append(escaped)
                } else {
                    name.append(next)
                }
            }
            return name.isEmpty ? nil : name
        }

        private mutating func bracket() -> Step? {
            guard let content = content() else { return nil }
            if content == "*" { return .all }
            if let index = Int(content) { return .index(index) }
            if content.hasPrefix("?("), content.hasSuffix(")") {
                return filter(content.dropFirst(2).dropLast()).map(Step.filter)
            }
            return quoted(content).map { .name($0.replacing("\\.", with: ".")) }
        }

        /// What stands before the closing bracket, quotes regarded.
        private mutating func content() -> Substring? {
            var quote: Character?
            var depth = 0
            for index in rest.indices {
                let character = rest[index]
                if let open = quote {
                    if character == open { quote = nil }
                } else if character == "'" || character == "\"" {
                    quote = character
                } else if character == "[" {
                    depth += 1
                } else if character == "]" {
                    if depth == 0 {
                        defer { rest = rest[rest.index(after: index)...] }
                        return rest[..<index]
                    }
                    depth -= 1
                }
            }
            return nil
        }

        private func quoted(_ text: Substring) -> String? {
            guard text.count >= 2, let first = text.first, first == "'" || first == "\"", text.last == first
            else { return nil }
            return String(text.dropFirst().dropLast())
        }

        private func filter(_ text: Substring) -> Filter? {
            for relation in Filter.Relation.allCases {
                guard let range = text.firstRange(of: relation.rawValue) else { continue }
                let left = Self.trimmed(text[..<range.lowerBound])
                let right = Self.trimmed(text[range.upperBound...])
                guard left.hasPrefix("@"), let path = SimpleJSONPath(String(left.dropFirst())) else {
                    return nil
                }
                return Filter(path: path, relation: relation, operand: quoted(right) ?? String(right))
            }
            let path = Self.trimmed(text)
            guard path.hasPrefix("@"), let path = SimpleJSONPath(String(path.dropFirst())) else { return nil }
            return Filter(path: path, relation: nil, operand: "")
        }

        private static func trimmed(_ text: Substring) -> Substring {
            var text = text
            while text.first == " " { text.removeFirst() }
            while text.last == " " { text.removeLast() }
            return text
        }
    }
}
