internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl get --watch`: one resource, first as it is, then each change as it comes.
struct GetWatcher {
    private let call: Invocation
    private let printer: ObjectPrinter?

    init(_ call: Invocation) throws {
        self.call = call
        printer = try ObjectPrinter(call.flags)
        if !call.flags.string("sort-by").isEmpty {
            call.errorLine(
                call.flags.bool("watch")
                    ? "warning: --watch requested, --sort-by will be ignored for watch events received"
                    : "warning: --watch-only requested, --sort-by will be ignored")
        }
    }

    func run() async throws {
        var query = ResourceQuery(call)
        query.typeAloneMeansAll = true
        let plan = try await query.plan(call.session)
        guard plan.targets.count == 1, let target = plan.targets.first else {
            throw KubectlError("you may only specify a single resource type")
        }
        let client = try call.session.resources()
        let resource: APIResource
        var selection: ResourceClient.Selection
        switch target {
        case .object(let info), .manifest(let info):
            resource = info.resource
            selection = .init(namespace: info.namespace, fieldSelector: "metadata.name=\(info.name)")
            // A name that does not exist is an error, not an empty list.
            do {
                _ = try await client.get(info)
            } catch let error where GetCommand.isNotFound(error) && call.flags.bool("ignore-not-found") {
                return
            }
        case .list(let listed, let narrowed):
            resource = listed
            selection = narrowed
        }
        if printer == nil, call.flags.bool("server-print") { selection.headers = [GetTables.acceptTable] }
        var display = Display(call: call, printer: printer, resource: resource)
        var version = ""
        try await client.forEachPage(resource, selection) { page in
            version = page.at("metadata", "resourceVersion")?.string ?? ""
            try display.show(page, event: "ADDED", isVisible: !call.flags.bool("watch-only"))
        }
        selection.chunkSize = 0
        try await client.watch(resource, selection, resourceVersion: version) { type, object in
            try display.show(object, event: type, isVisible: true)
            return true
        }
    }

    /// Prints lists and events as they come, columns kept in line.
    private struct Display {
        let call: Invocation
        let printer: ObjectPrinter?
        let resource: APIResource
        private var tables = TablePrinter()
        private var writer = TabWriter.forTables()
        private var yamlCount = 0
        private var columnsShown = false

        init(call: Invocation, printer: ObjectPrinter?, resource: APIResource) {
            self.call = call
            self.printer = printer
            self.resource = resource
        }

        mutating func show(_ value: JSONValue, event: String, isVisible: Bool) throws {
            if let printer {
                guard isVisible else { return }
                for item in ObjectPrinter.items(value) { try show(item, printer, event) }
                return
            }
            var options = GetTables.options(call, resource, severalKinds: false)
            if call.flags.bool("output-watch-events") { options.eventType = event }
            var table = GetTables.table(value, now: call.environment.clock.now)
            if !isVisible {
                // Its columns are remembered for the events, whose tables may come without.
                table.rows = []
            }
            tables.show(table, options: options, to: &writer)
            call.write(writer.flush())
        }

        private mutating func show(_ item: JSONValue, _ printer: ObjectPrinter, _ event: String) throws {
            let shown: JSONValue =
                call.flags.bool("output-watch-events") ? ["object": item, "type": .string(event)] : item
            if case .yaml = printer.format {
                if yamlCount > 0 { call.line("---") }
                yamlCount += 1
            }
            if case .customColumns(let columns, let showsHeaders) = printer.format {
                if showsHeaders, !columnsShown { writer.add(cells: columns.headers) }
                columnsShown = true
                writer.add(cells: try columns.cells(shown))
                call.write(writer.flush())
                return
            }
            call.write(try printer.text(shown, resource: resource))
        }
    }
}
