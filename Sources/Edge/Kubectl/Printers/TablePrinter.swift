internal import EdgeAPI
internal import EdgeJSON

/// Prints Tables the way `kubectl get` does.
struct TablePrinter {
    struct Options: Sendable {
        var isWide = false
        var showsHeaders = true
        var showsNamespace = false
        var showsLabels = false
        var labelColumns: [String] = []
        /// Put before names when several types are shown: `pod`, `deployment.apps`.
        var kindPrefix = ""
        /// The event's type as the first column, for `--output-watch-events`.
        var eventType = ""
    }

    private var lastColumns: [Table.Column] = []
    private var hasPrintedHeaders = false

    /// Adds the table's lines to `writer`. A table without columns (in a watch) has those of the last one.
    mutating func show(_ source: Table, options: Options, to writer: inout TabWriter) {
        var table = source
        var showsHeaders = options.showsHeaders
        if table.columns.isEmpty {
            table.columns = lastColumns
            if hasPrintedHeaders { showsHeaders = false }
        } else if table.columns == lastColumns {
            if hasPrintedHeaders { showsHeaders = false }
        } else {
            lastColumns = table.columns
        }
        guard !table.rows.isEmpty else { return }
        hasPrintedHeaders = true
        let columns = Self.columns(table, options)
        if showsHeaders { writer.add(cells: columns.map { $0.header }) }
        for row in table.rows { writer.add(cells: columns.map { Self.clean($0.cell(row)) }) }
    }

    private struct Shown {
        let header: String
        let cell: (Table.Row) -> String
    }

    private static func columns(_ table: Table, _ options: Options) -> [Shown] {
        var shown: [Shown] = []
        if !options.eventType.isEmpty {
            shown.append(Shown(header: "EVENT") { _ in eventType(options.eventType) })
        }
        if options.showsNamespace { shown.append(Shown(header: "NAMESPACE") { $0.object.namespace }) }
        let nameColumn = table.columns.firstIndex { $0.format == "name" && $0.type == "string" }
        for (index, column) in table.columns.enumerated() where column.priority == 0 || options.isWide {
            let prefix = index == nameColumn && !options.kindPrefix.isEmpty ? options.kindPrefix + "/" : ""
            shown.append(
                Shown(header: column.name.uppercased()) { row in
                    guard index < row.cells.count else { return "" }
                    return prefix + text(row.cells[index])
                })
        }
        for label in options.labelColumns {
            let header = (label.split(separator: "/").last.map(String.init) ?? label).uppercased()
            shown.append(
                Shown(header: header) { row in
                    let value = row.object[label: label] ?? ""
                    return value.isEmpty && row.object[label: label] == nil ? "" : value
                })
        }
        if options.showsLabels { shown.append(Shown(header: "LABELS") { labels($0.object) }) }
        return shown
    }

    private static func text(_ cell: JSONValue) -> String {
        cell.isNull ? "" : cell.plainText
    }

    /// `app=web,tier=front`, or `<none>`.
    static func labels(_ object: APIObject) -> String {
        let labels = object.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return labels.isEmpty ? "<none>" : labels.joined(separator: ",")
    }

    /// The first line only, without what would steer the terminal.
    private static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0 == "\u{7f}" }) else { return text }
        if let end = text.unicodeScalars.firstIndex(where: { "\n\r\u{c}".unicodeScalars.contains($0) }) {
            return clean(String(text[..<end])) + "..."
        }
        return text.replacingAll("\u{1b}", with: "^[").replacingAll("\t", with: " ")
    }

    private static func eventType(_ type: String) -> String {
        ["ADDED": "ADDED   ", "MODIFIED": "MODIFIED", "DELETED": "DELETED ", "ERROR": "ERROR   "][type]
            ?? type
    }
}
