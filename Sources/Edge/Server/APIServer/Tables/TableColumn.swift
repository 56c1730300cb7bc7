internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// One column of a table: its head, and how to get its cell from an object.
struct TableColumn: Sendable {
    let name: String
    var type = "string"
    var format = ""
    /// 0 is shown always, 1 with `-o wide`.
    var priority = 0
    var description = ""
    let cell: @Sendable (APIObject, TableContext) -> JSONValue

    var definition: JSONValue {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(description), "priority": .int(Int64(priority)),
        ]
    }
}

/// What cells depend on besides their object.
struct TableContext: Sendable {
    let now: Timestamp

    /// How long ago something was; `<unknown>` when nobody knows.
    func age(_ time: Timestamp?) -> String {
        guard let time else { return "<unknown>" }
        return HumanDuration.text(now - time)
    }
}

extension TableColumn {
    static let objectName = TableColumn(
        name: "Name", format: "name", description: "the object's name"
    ) { object, _ in .string(object.name) }

    static let age = TableColumn(
        name: "Age", description: "how long ago the object was created"
    ) { object, context in .string(context.age(object.creationTimestamp)) }

    static let createdAt = TableColumn(
        name: "Created At", type: "date", description: "when the object was created"
    ) { object, _ in object[path: "metadata", "creationTimestamp"] ?? .null }

    /// A text from the object's view.
    static func text<View: ObjectView>(
        _ name: String, _ type: View.Type, priority: Int = 0, _ cell: @escaping @Sendable (View) -> String
    ) -> TableColumn {
        TableColumn(name: name, priority: priority) { object, _ in .string(cell(View(object))) }
    }

    /// A text that depends on the time of day.
    static func timed<View: ObjectView>(
        _ name: String, _ type: View.Type, _ cell: @escaping @Sendable (View, TableContext) -> String
    ) -> TableColumn {
        TableColumn(name: name) { object, context in .string(cell(View(object), context)) }
    }

    static func number<View: ObjectView>(
        _ name: String, _ type: View.Type, _ cell: @escaping @Sendable (View) -> Int
    ) -> TableColumn {
        TableColumn(name: name, type: "integer") { object, _ in .int(Int64(cell(View(object)))) }
    }

    /// A text from the tree of a kind without a view.
    static func text(
        _ name: String, priority: Int = 0, _ cell: @escaping @Sendable (APIObject) -> String
    ) -> TableColumn {
        TableColumn(name: name, priority: priority) { object, _ in .string(cell(object)) }
    }

    static func number(_ name: String, _ cell: @escaping @Sendable (APIObject) -> Int) -> TableColumn {
        TableColumn(name: name, type: "integer") { object, _ in .int(Int64(cell(object))) }
    }

    /// Names, images and selector of the pods that a workload makes, for wide tables.
    static func pods<View: ObjectView>(
        _ type: View.Type, _ template: @escaping @Sendable (View) -> PodTemplateSpec
    ) -> [TableColumn] {
        [
            text("Containers", View.self, priority: 1) {
                template($0).spec.containers.map(\.name).joined(separator: ",")
            },
            text("Images", View.self, priority: 1) {
                template($0).spec.containers.map(\.image).joined(separator: ",")
            },
        ]
    }

    static func selector(_ selector: @escaping @Sendable (APIObject) -> JSONValue?) -> TableColumn {
        text("Selector", priority: 1) { CellText.selector(selector($0)) }
    }
}
