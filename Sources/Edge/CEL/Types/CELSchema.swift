/// How lists are compared and added (`x-kubernetes-list-type`).
public enum CELListKind: Sendable, Equatable {
    case atomic
    /// Order does not count; `+` appends what is new.
    case set
    /// Order does not count; `+` replaces the elements whose keys agree and appends the others.
    case map(keys: [String])
}

/// A type, and what a schema says of its values beyond it: how large they may get, and how a list is
/// compared.
public struct CELSchema: Sendable {
    // A list's or map's element; an array of one only because a struct cannot hold itself.
    private let elements: [CELSchema]
    public let type: CELType
    /// The most characters of a string, bytes, items or entries. 0 for other types.
    public let maximumSize: UInt64
    public let listKind: CELListKind
    /// The bytes of the shortest JSON text of a value.
    public let minimumTextSize: Int

    private init(
        _ type: CELType, element: CELSchema?, maximumSize: UInt64, listKind: CELListKind, minimumTextSize: Int
    ) {
        self.elements = element.map { [$0] } ?? []
        self.type = type
        self.maximumSize = maximumSize
        self.listKind = listKind
        self.minimumTextSize = minimumTextSize
    }

    /// The schema of a list's items or a map's values.
    public var element: CELSchema? { elements.first }

    /// The most bytes of a request, which bounds what a schema leaves open.
    public static let maximumRequestSize = 3 * 1024 * 1024

    /// A value of which nothing is known.
    public static let any = CELSchema(
        .dyn, element: nil, maximumSize: 0, listKind: .atomic, minimumTextSize: 1)

    public static let bool = CELSchema(
        .bool, element: nil, maximumSize: 0, listKind: .atomic, minimumTextSize: 4)
    public static let int = CELSchema(
        .int, element: nil, maximumSize: 0, listKind: .atomic, minimumTextSize: 1)
    public static let double = CELSchema(
        .double, element: nil, maximumSize: 0, listKind: .atomic, minimumTextSize: 1)

    /// A string; `maximumLength` in characters, of which each may take four bytes.
    public static func string(maximumLength: Int? = nil) -> CELSchema {
        CELSchema(
            .string, element: nil, maximumSize: size(maximumLength.map { $0 * 4 } ?? maximumRequestSize - 2),
            listKind: .atomic, minimumTextSize: 2)
    }

    /// A string that is one of few, whose longest bounds it.
    public static func string(oneOf values: [String]) -> CELSchema {
        CELSchema(
            .string, element: nil, maximumSize: size(values.map(\.utf8.count).max() ?? 0), listKind: .atomic,
            minimumTextSize: 2)
    }

    /// Base64 text that CEL sees as bytes (`format: byte`).
    public static func bytes(maximumLength: Int? = nil) -> CELSchema {
        CELSchema(
            .bytes, element: nil, maximumSize: size(maximumLength ?? maximumRequestSize - 2),
            listKind: .atomic, minimumTextSize: 2)
    }

    /// `format: duration`
    public static let duration = CELSchema(
        .duration, element: nil, maximumSize: 32, listKind: .atomic, minimumTextSize: 3)
    /// `format: date-time`
    public static let timestamp = CELSchema(
        .timestamp, element: nil, maximumSize: 32, listKind: .atomic, minimumTextSize: 21)
    /// `format: date`
    public static let date = CELSchema(
        .timestamp, element: nil, maximumSize: 12, listKind: .atomic, minimumTextSize: 12)

    /// `x-kubernetes-int-or-string`: its type is known at runtime only.
    public static func intOrString(maximumLength: Int? = nil) -> CELSchema {
        CELSchema(
            .dyn, element: nil, maximumSize: size(maximumLength.map { $0 * 4 } ?? maximumRequestSize - 2),
            listKind: .atomic, minimumTextSize: 1)
    }

    public static func list(
        of element: CELSchema, maximumItems: Int? = nil, kind: CELListKind = .atomic
    ) -> CELSchema {
        CELSchema(
            .list(element.type), element: element,
            maximumSize: size(maximumItems ?? (maximumRequestSize - 2) / (element.minimumTextSize + 1)),
            listKind: kind, minimumTextSize: 2)
    }

    /// A map from strings (`additionalProperties`).
    public static func map(of element: CELSchema, maximumProperties: Int? = nil) -> CELSchema {
        CELSchema(
            .map(.string, element.type), element: element,
            maximumSize: size(maximumProperties ?? (maximumRequestSize - 2) / (element.minimumTextSize + 6)),
            listKind: .atomic, minimumTextSize: 2)
    }

    /// An object with fields; `minimumTextSize` is 2 and, for each required field without a default, its
    /// name's length, its value's shortest text and 4.
    public static func object(_ type: CELObjectType, minimumTextSize: Int = 2) -> CELSchema {
        CELSchema(
            .object(type), element: nil, maximumSize: 0, listKind: .atomic, minimumTextSize: minimumTextSize)
    }

    /// The schema of a variable that has no schema but a type.
    public init(_ type: CELType) {
        let element: CELSchema? =
            switch type {
            case .list(let element), .map(_, let element): CELSchema(element)
            default: nil
            }
        self.init(type, element: element, maximumSize: .max, listKind: .atomic, minimumTextSize: 1)
    }

    /// How often a value of this schema fits into one request: what multiplies a rule's cost where a list
    /// or a map around it has no bound.
    public var maximumCardinality: UInt64 { UInt64(Self.maximumRequestSize / (minimumTextSize + 1)) }

    private static func size(_ count: Int) -> UInt64 { UInt64(max(0, count)) }
}
