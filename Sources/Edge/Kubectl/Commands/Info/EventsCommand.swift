internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl events`
enum EventsCommand {
    static let spec = CommandSpec(
        "events", "List events", usage: "[--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
        examples: [
            "kubectl events", "kubectl events --for pod/web-pod-13je7 --watch",
            "kubectl events --types=Warning",
        ],
        flags: FlagSets.output + [
            FlagSets.allNamespaces, FlagSets.chunkSize,
            FlagSpec("for", nil, .string, "Only events about this object: TYPE/NAME."),
            FlagSpec("no-headers", nil, .bool, "Print no header line."),
            FlagSpec("types", nil, .strings, "Normal or Warning."),
            FlagSpec("watch", "w", .bool, "After the list, show further events."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        try call.noArguments()
        let types = call.flags.strings("types").map { $0.lowercased() }
        guard types.allSatisfy(["normal", "warning"].contains) else {
            throw KubectlError("valid --types are Normal or Warning")
        }
        let isEverywhere = call.flags.bool("all-namespaces")
        let namespace = isEverywhere ? "" : try call.session.namespace()
        let events = try APIResource.builtIn(apiVersion: "v1", kind: "Event")
        var selection = ResourceClient.Selection(
            namespace: namespace, fieldSelector: try await fieldSelector(call),
            chunkSize: call.flags.int("chunk-size"))
        let client = try call.session.resources()
        func isWanted(_ event: APIObject) -> Bool {
            types.isEmpty || types.contains(event["type"]?.string?.lowercased() ?? "")
        }
        let now = call.environment.clock.now
        var writer = TabWriter.forTables()
        let headers =
            (isEverywhere ? ["NAMESPACE"] : [])
            + ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
        if call.flags.bool("watch") {
            selection.chunkSize = 0
            if !call.flags.bool("no-headers") { writer.add(cells: headers) }
            try await client.watch(events, selection, resourceVersion: "") { type, object in
                guard type != "DELETED", let event = APIObject(object), isWanted(event) else { return true }
                writer.add(cells: cells(event, isEverywhere, call.environment.clock.now))
                call.write(writer.flush())
                return true
            }
            return
        }
        let found = EventText.sorted(try await client.list(events, selection).objects.filter(isWanted))
        guard !found.isEmpty else {
            return call.errorLine(
                isEverywhere ? "No events found." : "No events found in \(namespace) namespace.")
        }
        if let printer = try ObjectPrinter(call.flags) {
            let list: JSONValue = [
                "apiVersion": "v1", "items": .array(found.map(\.value)), "kind": "EventList", "metadata": [:],
            ]
            return call.write(try printer.text(list))
        }
        if !call.flags.bool("no-headers") { writer.add(cells: headers) }
        for event in found { writer.add(cells: cells(event, isEverywhere, now)) }
        call.write(writer.flush())
    }

    private static func fieldSelector(_ call: Invocation) async throws -> String {
        let target = call.flags.string("for")
        guard !target.isEmpty else { return "" }
        guard let (type, name) = target.split(atFirst: "/") else {
            throw KubectlError("--for must be in resource/name form")
        }
        let resource = try await call.session.mapper().resource(named: type)
        return "involvedObject.kind=\(resource.kind),involvedObject.apiVersion=\(resource.apiVersion),"
            + "involvedObject.name=\(name)"
    }

    private static func cells(_ event: APIObject, _ hasNamespace: Bool, _ now: Timestamp) -> [String] {
        let involved = event["involvedObject"]
        return (hasNamespace ? [event.namespace] : []) + [
            EventText.interval(event, now: now), event["type"]?.string ?? "", event["reason"]?.string ?? "",
            "\(involved?["kind"]?.string ?? "")/\(involved?["name"]?.string ?? "")",
            (event["message"]?.string ?? "").trimmed,
        ]
    }
}
