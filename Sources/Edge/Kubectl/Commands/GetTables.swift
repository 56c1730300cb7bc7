internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// The table form of `kubectl get`.
struct GetTables {
    static let acceptTable = RESTRequest.Field(
        "Accept",
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,"
            + "application/json")

    private let call: Invocation
    private let query: ResourceQuery

    init(_ call: Invocation, _ query: ResourceQuery) {
        self.call = call
        self.query = query
    }

    private struct Section {
        let resource: APIResource
        var table: Table
    }

    func run() async throws {
        let plan = try await query.plan(call.session)
        var sections: [Section] = []
        var errors: [any Error] = []
        for target in plan.targets {
            do {
                sections += try await read(target)
            } catch {
                if error is CancellationError { throw error }
                if call.flags.bool("ignore-not-found"), GetCommand.isNotFound(error) { continue }
                errors.append(error)
            }
        }
        if let field = call.flags.given("sort-by"), !field.isEmpty {
            for index in sections.indices {
                sections[index].table.rows = try ObjectSorter(field)
                    .sorted(sections[index].table.rows) { $0.object.value }
            }
        }
        // A type without objects counts too: with several types asked for, names show theirs.
        let kinds = Set(sections.map { $0.resource.apiVersion + $0.resource.kind })
        let hasWritten = show(
            sections.filter { !$0.table.rows.isEmpty }, severalKinds: kinds.count > 1)
        if !hasWritten, !call.flags.bool("ignore-not-found"), errors.isEmpty {
            let isNamespaced = !query.allNamespaces && plan.targets.allSatisfy(Self.isNamespaced)
            call.errorLine(
                isNamespaced
                    ? "No resources found in \(try call.session.namespace()) namespace."
                    : "No resources found")
        }
        try KubectlErrors.throwIfAny(errors)
    }

    private static func isNamespaced(_ target: ResourceQuery.Target) -> Bool {
        switch target {
        case .object(let info), .manifest(let info): info.resource.isNamespaced
        case .list(let resource, _): resource.isNamespaced
        }
    }

    private var headers: [RESTRequest.Field] {
        call.flags.bool("server-print") ? [Self.acceptTable] : []
    }

    /// Sorting looks at whole objects.
    private var extraQuery: [RESTRequest.Field] {
        call.flags.string("sort-by").isEmpty || !call.flags.bool("server-print")
            ? [] : [.init("includeObject", "Object")]
    }

    private func read(_ target: ResourceQuery.Target) async throws -> [Section] {
        let client = try call.session.resources()
        switch target {
        case .object(let info), .manifest(let info):
            let value = try await client.rest.json(
                RESTRequest(
                    "GET", info.path(subresource: GetCommand.subresource(call)), query: extraQuery,
                    headers: headers))
            return [section(info.resource, value)]
        case .list(let resource, var selection):
            guard GetCommand.subresource(call) == nil else {
                throw KubectlError("subresource cannot be used when bulk resources are specified")
            }
            selection.headers = headers
            selection.query = extraQuery
            var sections: [Section] = []
            try await client.forEachPage(resource, selection) { page in
                sections.append(section(resource, page))
            }
            return sections
        }
    }

    private func section(_ resource: APIResource, _ value: JSONValue) -> Section {
        Section(resource: resource, table: Self.table(value, now: call.environment.clock.now))
    }

    /// The server's table, or one made here from the objects that came instead.
    static func table(_ value: JSONValue, now: Timestamp) -> Table {
        if let table = Table(value) { return table }
        let objects = ObjectPrinter.items(value).compactMap { APIObject($0) }
        return Table.plain(objects) { HumanDuration.since($0.creationTimestamp, now: now) }
    }

    /// Prints the tables, those of one resource under one header. Says whether there was anything.
    private func show(_ sections: [Section], severalKinds: Bool) -> Bool {
        var previous: APIResource?
        var printer = TablePrinter()
        var writer = TabWriter.forTables()
        var hasWritten = false
        for section in sections {
            if previous != section.resource {
                if previous != nil {
                    call.write(writer.flush())
                    if !call.flags.bool("no-headers") { call.write("\n") }
                }
                writer.forgetWidths()
                printer = TablePrinter()
                previous = section.resource
            }
            printer.show(
                section.table, options: Self.options(call, section.resource, severalKinds: severalKinds),
                to: &writer)
            hasWritten = true
        }
        call.write(writer.flush())
        return hasWritten
    }

    static func options(
        _ call: Invocation, _ resource: APIResource, severalKinds: Bool
    ) -> TablePrinter.Options {
        var options = TablePrinter.Options()
        options.isWide = call.flags.string("output") == "wide"
        options.showsHeaders = !call.flags.bool("no-headers")
        options.showsNamespace = call.flags.bool("all-namespaces") && resource.isNamespaced
        options.showsLabels = call.flags.bool("show-labels")
        options.labelColumns = call.flags.strings("label-columns")
        if call.flags.bool("show-kind") || severalKinds { options.kindPrefix = resource.kindName }
        return options
    }
}
