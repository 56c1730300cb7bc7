internal import EdgeJSON

/// The Events of both groups have the same content under different names.
enum EventConversion {
    /// Names in the core group and in events.k8s.io.
    static let fields: [(stored: String, shown: String)] = [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ]

    static func rename(_ object: inout APIObject, _ names: [(from: String, to: String)]) {
        var members: [JSONObject.Member] = []
        for member in object.json.members {
            let name = names.first { $0.from == member.key }?.to ?? member.key
            members.append(.init(name, member.value))
        }
        object.json = JSONObject(members.map { ($0.key, $0.value) })
    }
}

/// What events.k8s.io demands of new Events beyond the core group, where they grew loose over the years.
public enum EventRules {
    private static let maximumText = 128
    private static let maximumNote = 1024

    /// - Parameter event: in the form of events.k8s.io.
    public static func validateCreate(_ event: APIObject) -> [FieldError] {
        var errors: [FieldError] = []
        func text(_ field: String) -> String { event[field]?.string ?? "" }
        func isEmpty(_ field: String) -> Bool {
            switch event[field] {
            case nil, .null, .int(0): true
            case .object(let object)?: object.isEmpty
            default: false
            }
        }
        if isEmpty("eventTime") { errors.append(FieldError(.required, "eventTime")) }
        for field in ["reportingController", "reportingInstance", "action", "reason"] {
            if text(field).isEmpty {
                errors.append(FieldError(.required, field))
            } else if text(field).utf8.count > maximumText {
                errors.append(
                    FieldError(.tooLong, field, detail: "may not be more than \(maximumText) bytes"))
            }
        }
        if text("note").utf8.count > maximumNote {
            errors.append(FieldError(.tooLong, "note", detail: "may not be more than \(maximumNote) bytes"))
        }
        if !["Normal", "Warning"].contains(text("type")) {
            errors.append(
                FieldError(
                    .invalid, "type", value: .string(text("type")),
                    detail: "has invalid value: \(text("type"))"))
        }
        for field in [
            "deprecatedSource", "deprecatedFirstTimestamp", "deprecatedLastTimestamp", "deprecatedCount",
        ] where !isEmpty(field) {
            errors.append(
                FieldError(.invalid, field, value: event[field] ?? .null, detail: "needs to be unset"))
        }
        if let series = event["series"], !series.isNull, (series["count"]?.int ?? 0) < 2 {
            errors.append(
                FieldError(
                    .invalid, "series.count", value: series["count"] ?? 0, detail: "should be at least 2"))
        }
        return errors
    }
}
