internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// What this server serves itself is available from the first moment on.
struct APIServiceBehavior: Behavior {
    let clock: any WallClock

    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        object["status"] = nil
        if object[path: "spec", "service"]?.object == nil {
            object["status"] = ["conditions": [Availability.local.condition(now: clock.now)]]
        }
    }
}

/// The condition `Available` of an APIService.
struct Availability: Equatable, Sendable {
    let isAvailable: Bool
    let reason: String
    let message: String

    static let local = Availability(
        isAvailable: true, reason: "Local", message: "Local APIServices are always available")
    static let passed = Availability(isAvailable: true, reason: "Passed", message: "all checks passed")

    static func missing(_ reason: String, _ message: String) -> Availability {
        Availability(isAvailable: false, reason: reason, message: message)
    }

    func condition(now: Timestamp) -> JSONValue {
        [
            "type": "Available", "status": isAvailable ? "True" : "False",
            "lastTransitionTime": .string(now.rfc3339), "reason": .string(reason),
            "message": .string(message),
        ]
    }

    /// The conditions with this one; nil when they say so already.
    func applied(to conditions: [JSONValue], now: Timestamp) -> [JSONValue]? {
        var new = condition(now: now)
        guard let index = conditions.firstIndex(where: { $0["type"] == "Available" }) else {
            return conditions + [new]
        }
        let old = conditions[index]
        if old["status"] == new["status"] {
            new["lastTransitionTime"] = old["lastTransitionTime"]
            if old["reason"] == new["reason"], old["message"] == new["message"] { return nil }
        }
        var conditions = conditions
        conditions[index] = new
        return conditions
    }
}
