internal import EdgeAPI
internal import EdgeJSON

/// A `meta.k8s.io` Table: rows as the server prints them.
struct Table: Sendable {
    struct Column: Sendable, Equatable {
        var name: String
        var type = "string"
        var format = ""
        var priority = 0
    }

    struct Row: Sendable {
        var cells: [JSONValue]
        /// The object or its metadata; empty when the server sent neither.
        var object: APIObject
    }

    var columns: [Column]
    var rows: [Row]

    init(columns: [Column], rows: [Row]) {
        self.columns = columns
        self.rows = rows
    }

    /// Nil when the value is no Table.
    init?(_ value: JSONValue) {
        guard value["kind"]?.string == "Table", value["apiVersion"]?.string?.hasPrefix("meta.k8s.io/") == true
        else { return nil }
        columns = (value["columnDefinitions"]?.array ?? []).map { column in
            Column(
                name: column["name"]?.string ?? "", type: column["type"]?.string ?? "",
                format: column["format"]?.string ?? "", priority: Int(column["priority"]?.int ?? 0))
        }
        rows = (value["rows"]?.array ?? []).map { row in
            Row(
                cells: row["cells"]?.array ?? [],
                object: APIObject(row["object"] ?? .null) ?? APIObject(JSONObject()))
        }
    }

    /// Name and age of objects, for a server that prints no tables.
    static func plain(_ objects: [APIObject], age: (APIObject) -> String) -> Table {
        Table(
            columns: [Column(name: "Name", format: "name"), Column(name: "Age")],
            rows: objects.map { Row(cells: [.string($0.name), .string(age($0))], object: $0) })
    }
}
