public import EdgeBase
public import EdgeJSON

/// One entry of `status.conditions`, whatever kind it belongs to.
public struct Condition: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public init(type: String, status: ConditionStatus, reason: String = "", message: String = "") {
        json = ["type": .string(type), "status": .string(status.rawValue)]
        self.reason = reason
        self.message = message
    }

    public var type: String { json["type"].text }
    /// Anything but `True` and `False` counts as unknown.
    public var status: ConditionStatus { ConditionStatus(rawValue: json["status"].text) ?? .unknown }
    public var isTrue: Bool { status == .true }

    public var reason: String {
        get { json["reason"].text }
        set { json["reason"].text = newValue }
    }

    public var message: String {
        get { json["message"].text }
        set { json["message"].text = newValue }
    }

    public var lastTransitionTime: Timestamp? {
        get { json["lastTransitionTime"].time }
        set { json["lastTransitionTime"].time = newValue }
    }

    /// Deployments and others: the last time the condition was looked at and found changed.
    public var lastUpdateTime: Timestamp? {
        get { json["lastUpdateTime"].time }
        set { json["lastUpdateTime"].time = newValue }
    }

    public var lastProbeTime: Timestamp? {
        get { json["lastProbeTime"].time }
        set { json["lastProbeTime"].time = newValue }
    }

    public var lastHeartbeatTime: Timestamp? {
        get { json["lastHeartbeatTime"].time }
        set { json["lastHeartbeatTime"].time = newValue }
    }

    public var observedGeneration: Int? {
        get { json["observedGeneration"].number }
        set { json["observedGeneration"].number = newValue }
    }
}

public enum ConditionStatus: String, Sendable, Hashable {
    case `true` = "True"
    case `false` = "False"
    case unknown = "Unknown"

    public init(_ value: Bool) { self = value ? .true : .false }
}

/// A status that has conditions.
public protocol ConditionHolder: JSONView {}

extension ConditionHolder {
    public var conditions: [Condition] {
        get { json["conditions"].views() }
        set { json["conditions"] = newValue.jsonValue }
    }

    public func condition(_ type: String) -> Condition? {
        conditions.first { $0.type == type }
    }

    public func isTrue(_ type: String) -> Bool {
        condition(type)?.isTrue ?? false
    }

    /// Puts a condition in the place of the one with its type, or behind the others. A new or changed
    /// status gets `now` as its lastTransitionTime, an unchanged one keeps the time it had.
    /// Says whether anything but a time changed.
    @discardableResult
    public mutating func setCondition(_ condition: Condition, now: Timestamp) -> Bool {
        var conditions = conditions
        var condition = condition
        guard let index = conditions.firstIndex(where: { $0.type == condition.type }) else {
            condition.lastTransitionTime = condition.lastTransitionTime ?? now
            conditions.append(condition)
            self.conditions = conditions
            return true
        }
        let old = conditions[index]
        if old.status == condition.status {
            condition.lastTransitionTime = old.lastTransitionTime ?? now
        } else {
            condition.lastTransitionTime = now
        }
        conditions[index] = condition
        self.conditions = conditions
        return old.status != condition.status || old.reason != condition.reason
            || old.message != condition.message || old.observedGeneration != condition.observedGeneration
    }

    @discardableResult
    public mutating func setCondition(
        _ type: String, _ status: ConditionStatus, reason: String = "", message: String = "", now: Timestamp
    ) -> Bool {
        setCondition(Condition(type: type, status: status, reason: reason, message: message), now: now)
    }

    public mutating func removeCondition(_ type: String) {
        conditions = conditions.filter { $0.type != type }
    }
}
