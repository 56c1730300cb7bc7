internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// The columns of custom resources.
extension TableColumn {
    /// The name, then the columns of the definition, or the age where it has none.
    static func columns(of version: CustomResourceFamily.Version) -> [TableColumn] {
        version.columns.isEmpty ? [.objectName, .customAge] : [.objectName] + version.columns.map(column)
    }

    private static let customAge = TableColumn(
        name: "Age", type: "date", description: "when the object was created"
    ) { object, context in .string(context.age(object.creationTimestamp)) }

    private static func column(_ column: PrinterColumn) -> TableColumn {
        TableColumn(
            name: column.name, type: column.type, format: column.format, priority: column.priority,
            description: column.description
        ) { object, context in
            guard let value = column.path.first(in: object.value) else { return .null }
            return cell(value, column.type, context)
        }
    }

    private static func cell(_ value: JSONValue, _ type: String, _ context: TableContext) -> JSONValue {
        switch (type, value) {
        case (_, .null): return .null
        case ("string", .string): return value
        case ("string", _): return .string(value.description)
        case ("integer", .int): return value
        case ("integer", .double(let number)):
            return Int64(exactly: number.rounded(.towardZero)).map(JSONValue.int) ?? .null
        case ("number", .int), ("number", .double): return value
        case ("boolean", .bool): return value
        case ("date", .string(let text)):
            guard let time = Timestamp(rfc3339: text) else { return "<invalid>" }
            return .string(context.age(time))
        default: return .null
        }
    }
}
