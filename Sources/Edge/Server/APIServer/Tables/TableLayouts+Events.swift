internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

extension TableLayouts {
    static let eventColumns: [TableColumn] = [
        .timed("Last Seen", Event.self) { event, context in context.age(EventFields(event).lastSeen) },
        .text("Type", Event.self) { $0.type },
        .text("Reason", Event.self) { $0.reason },
        .text("Object", Event.self) { event in
            let target = EventFields(event).target
            let kind = target.kind.lowercased()
            return target.name.isEmpty ? kind : "\(kind)/\(target.name)"
        },
        .text("Subobject", Event.self, priority: 1) { EventFields($0).target.fieldPath },
        .text("Source", Event.self, priority: 1) { EventFields($0).source },
        .text("Message", Event.self) { EventFields($0).message },
        TableColumn(name: "First Seen", priority: 1) { object, context in
            .string(context.age(EventFields(Event(object)).firstSeen))
        },
        TableColumn(name: "Count", priority: 1) { object, _ in
            .string(String(EventFields(Event(object)).count))
        },
        TableColumn(name: "Name", format: "name", priority: 1) { object, _ in .string(object.name) },
    ]
}

/// Reads an Event in the form of either of its API groups.
struct EventFields {
    private let event: Event

    init(_ event: Event) { self.event = event }

    private var json: JSONObject { event.object.json }

    var target: ObjectReference {
        ObjectReference(json["involvedObject"] ?? json["regarding"] ?? .object(JSONObject()))
    }

    var message: String {
        let text = event.message.isEmpty ? json["note"].text : event.message
        return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    var firstSeen: Timestamp? {
        event.firstTimestamp ?? json["deprecatedFirstTimestamp"].time ?? event.eventTime
    }

    var lastSeen: Timestamp? {
        event.series?.lastObservedTime ?? event.lastTimestamp ?? json["deprecatedLastTimestamp"].time
            ?? firstSeen
    }

    var count: Int {
        let total = event.series?.count ?? max(event.count, json["deprecatedCount"].number ?? 0)
        return max(total, 1)
    }

    var source: String {
        let source = EventSource(json["source"] ?? json["deprecatedSource"] ?? .object(JSONObject()))
        let controller =
            event.reportingController.isEmpty
            ? json["reportingController"].text : event.reportingController
        let component = source.component.isEmpty ? controller : source.component
        let host = source.host.isEmpty && source.component.isEmpty ? event.reportingInstance : source.host
        return host.isEmpty ? component : "\(component), \(host)"
    }
}
