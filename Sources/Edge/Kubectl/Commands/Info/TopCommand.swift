internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl top`
enum TopCommand {
    private static let shared: [FlagSpec] = [
        FlagSets.selector, FlagSpec("no-headers", nil, .bool, "Print no header line."),
        FlagSpec("sort-by", nil, .string, "cpu or memory."),
        FlagSpec("use-protocol-buffers", nil, .bool, default: "true", "Accepted: answers are JSON."),
    ]

    static let spec = CommandSpec(
        "top", "Display resource (CPU/memory) usage", usage: "SUBCOMMAND",
        subcommands: [
            CommandSpec(
                "node", aliases: ["nodes", "no"], "Display resource (CPU/memory) usage of nodes",
                usage: "[NAME | -l label]",
                flags: shared + [
                    FlagSpec("show-capacity", nil, .bool, "Percent of capacity, not of what is allocatable.")
                ],
                run: nodes),
            CommandSpec(
                "pod", aliases: ["pods", "po"], "Display resource (CPU/memory) usage of pods",
                usage: "[NAME | -l label]",
                flags: shared + [
                    FlagSets.allNamespaces, FlagSets.fieldSelector,
                    FlagSpec("containers", nil, .bool, "Show each container."),
                    FlagSpec("sum", nil, .bool, "Add a line with the sum."),
                ], run: pods),
        ])

    private struct Usage {
        var cells: [String]
        var cpu: Quantity
        var memory: Quantity
    }

    private static func metrics(_ call: Invocation, _ name: String) async throws -> APIResource {
        let found = try await call.session.mapper().discovery().resources
            .first { $0.group == "metrics.k8s.io" && $0.name == name }
        guard let found else { throw KubectlError("Metrics API not available") }
        return found
    }

    private static func quantity(_ value: JSONValue?) -> Quantity {
        value.flatMap { try? Quantity($0) } ?? .zero
    }

    private static func sorted(_ rows: [Usage], _ call: Invocation) throws -> [Usage] {
        switch call.flags.string("sort-by") {
        case "": return rows.sorted { $0.cells.lexicographicallyPrecedes($1.cells) }
        case "cpu": return rows.sorted { $0.cpu > $1.cpu }
        case "memory": return rows.sorted { $0.memory > $1.memory }
        default: throw KubectlError("--sort-by accepts only cpu or memory")
        }
    }

    private static func cores(_ quantity: Quantity) -> String { "\(quantity.milliValue)m" }
    private static func mebibytes(_ quantity: Quantity) -> String { "\(quantity.value / (1 << 20))Mi" }

    private static func objects(
        _ call: Invocation, _ resource: APIResource, namespace: String
    ) async throws -> [APIObject] {
        let client = try call.session.resources()
        if let name = call.arguments.first {
            return [try await client.get(resource, namespace: namespace, name: name)]
        }
        return try await client.list(
            resource,
            .init(
                namespace: namespace, labelSelector: call.flags.string("selector"),
                fieldSelector: call.flags.string("field-selector"))
        ).objects
    }

    @Sendable private static func nodes(_ call: Invocation) async throws {
        let found = try await objects(call, try await metrics(call, "nodes"), namespace: "")
        let nodes = try await call.session.resources()
            .list(try APIResource.builtIn(apiVersion: "v1", kind: "Node"), .init()).objects
        let section = call.flags.bool("show-capacity") ? "capacity" : "allocatable"
        var rows: [Usage] = []
        for metric in found {
            let available = nodes.first { $0.name == metric.name }?[path: "status", section]
            let cpu = quantity(metric[path: "usage", "cpu"])
            let memory = quantity(metric[path: "usage", "memory"])
            rows.append(
                Usage(
                    cells: [
                        metric.name, cores(cpu), percent(cpu, quantity(available?["cpu"])),
                        mebibytes(memory), percent(memory, quantity(available?["memory"])),
                    ], cpu: cpu, memory: memory))
        }
        for node in nodes where call.arguments.isEmpty && !found.contains(where: { $0.name == node.name }) {
            rows.append(
                Usage(
                    cells: [node.name] + Array(repeating: "<unknown>", count: 4), cpu: .zero, memory: .zero))
        }
        if rows.isEmpty { throw KubectlError("metrics not available yet") }
        show(call, ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"], try sorted(rows, call))
    }

    private static func percent(_ part: Quantity, _ whole: Quantity) -> String {
        whole.isZero ? "<unknown>" : "\(Int(part.doubleValue / whole.doubleValue * 100))%"
    }

    @Sendable private static func pods(_ call: Invocation) async throws {
        let isEverywhere = call.flags.bool("all-namespaces")
        let namespace = isEverywhere ? "" : try call.session.namespace()
        let found = try await objects(call, try await metrics(call, "pods"), namespace: namespace)
        if found.isEmpty {
            call.errorLine(
                isEverywhere ? "No resources found" : "No resources found in \(namespace) namespace.")
            return
        }
        let hasContainers = call.flags.bool("containers")
        var rows: [Usage] = []
        for metric in found {
            let head = isEverywhere ? [metric.namespace] : []
            let usages = (metric["containers"]?.array ?? []).map { container in
                (
                    container["name"]?.string ?? "", quantity(container.at("usage", "cpu")),
                    quantity(container.at("usage", "memory"))
                )
            }
            if hasContainers {
                for (name, cpu, memory) in usages {
                    rows.append(
                        Usage(
                            cells: head + [metric.name, name, cores(cpu), mebibytes(memory)], cpu: cpu,
                            memory: memory))
                }
                continue
            }
            let cpu = usages.reduce(Quantity.zero) { $0 + $1.1 }
            let memory = usages.reduce(Quantity.zero) { $0 + $1.2 }
            rows.append(
                Usage(cells: head + [metric.name, cores(cpu), mebibytes(memory)], cpu: cpu, memory: memory))
        }
        let headers =
            (isEverywhere ? ["NAMESPACE"] : []) + (hasContainers ? ["POD"] : [])
            + ["NAME", "CPU(cores)", "MEMORY(bytes)"]
        var shown = try sorted(rows, call)
        if call.flags.bool("sum") {
            let cpu = rows.reduce(Quantity.zero) { $0 + $1.cpu }
            let memory = rows.reduce(Quantity.zero) { $0 + $1.memory }
            let blank = Array(repeating: "", count: headers.count - 2)
            shown.append(
                Usage(
                    cells: blank.map { _ in "________" } + ["________", "________"], cpu: cpu, memory: memory)
            )
            shown.append(Usage(cells: blank + [cores(cpu), mebibytes(memory)], cpu: cpu, memory: memory))
        }
        show(call, headers, shown)
    }

    private static func show(_ call: Invocation, _ headers: [String], _ rows: [Usage]) {
        var writer = TabWriter.forTables()
        if !call.flags.bool("no-headers") { writer.add(cells: headers) }
        for row in rows { writer.add(cells: row.cells) }
        call.write(writer.flush())
    }
}
