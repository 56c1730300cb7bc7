public import EdgeAPI
public import EdgeBase
internal import EdgeJSON
internal import Synchronization

/// Tells users what happened to an object: Kubernetes Events. The same event again within the window raises
/// the count of the first instead of making another, and each object may cause only so many per time.
public final class EventRecorder: Sendable {
    public enum Severity: String, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    private struct Series: Hashable {
        let uid: String
        let fieldPath: String
        let reason: String
        let message: String
    }

    private struct Sent {
        var key: ObjectKey
        var count: Int64
        var last: Timestamp
    }

    /// Events that wait to be written; more are dropped, since Events are best effort.
    private static let maximumPending = 256
    private static let window: Duration = .seconds(600)

    private let client: any APIClient
    private let component: String
    private let host: String
    private let clock: any WallClock
    /// Series that are remembered; more than that are begun anew.
    private static let maximumSeries = 4096
    private let sent = Mutex<[Series: Sent]>([:])
    private let budget = Mutex(EventBudget())
    private let lastNumber = Mutex(UInt64(0))
    private let queue: AsyncStream<@Sendable () async -> Void>
    private let continuation: AsyncStream<@Sendable () async -> Void>.Continuation

    /// `component` is the source as `kubectl describe` shows it: `default-scheduler`, `kubelet`.
    public init(
        client: any APIClient, component: String, host: String = "", clock: any WallClock = SystemWallClock()
    ) {
        self.client = client
        self.component = component
        self.host = host
        self.clock = clock
        (queue, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.maximumPending))
    }

    /// Queues an event about `object`; never waits. `fieldPath` names a part: `spec.containers{web}`.
    public func record(
        _ severity: Severity, _ reason: String, _ message: String, about object: APIObject,
        fieldPath: String = ""
    ) {
        let message = String(message.prefix(1024))
        continuation.yield { [self] in
            await send(severity, reason, message, about: object, fieldPath: fieldPath)
        }
    }

    /// Writes queued events until the task is cancelled.
    public func run() async {
        for await write in queue { await write() }
    }

    private func send(
        _ severity: Severity, _ reason: String, _ message: String, about object: APIObject, fieldPath: String
    ) async {
        let now = clock.now
        guard budget.withLock({ $0.take(object.uid, now: now) }) else { return }
        let series = Series(uid: object.uid, fieldPath: fieldPath, reason: reason, message: message)
        let repeated = sent.withLock { sent -> Sent? in
            if sent.count > Self.maximumSeries {
                sent = sent.filter { now - $0.value.last < Self.window }
                if sent.count > Self.maximumSeries { sent = [:] }
            }
            guard var entry = sent[series], now - entry.last < Self.window else { return nil }
            entry.count += 1
            entry.last = now
            sent[series] = entry
            return entry
        }
        if let repeated {
            let patch: JSONValue = ["count": .int(repeated.count), "lastTimestamp": .string(now.rfc3339)]
            if (try? await client.patch(repeated.key, Patch(.merge, patch))) != nil { return }
        }
        let event = event(severity, reason, message, about: object, fieldPath: fieldPath, at: now)
        guard (try? await client.create("events", event)) != nil else { return }
        let key = ObjectKey(resource: "events", namespace: event.namespace, name: event.name)
        sent.withLock { $0[series] = Sent(key: key, count: 1, last: now) }
    }

    /// The time in nanoseconds, or the number after the last when the clock has not moved: names are unique.
    private func number(_ now: Timestamp) -> UInt64 {
        lastNumber.withLock { last in
            last = max(UInt64(bitPattern: now.nanoseconds), last &+ 1)
            return last
        }
    }

    private func event(
        _ severity: Severity, _ reason: String, _ message: String, about object: APIObject, fieldPath: String,
        at now: Timestamp
    ) -> APIObject {
        let namespace = object.namespace.isEmpty ? "default" : object.namespace
        let name = "\(object.name).\(String(number(now), radix: 16))"
        var event = APIObject(apiVersion: "v1", kind: "Event", namespace: namespace, name: name)
        var involved: JSONObject = [
            "kind": .string(object.kind), "name": .string(object.name), "uid": .string(object.uid),
            "apiVersion": .string(object.apiVersion), "resourceVersion": .string(object.resourceVersion),
        ]
        if !object.namespace.isEmpty { involved["namespace"] = .string(object.namespace) }
        if !fieldPath.isEmpty { involved["fieldPath"] = .string(fieldPath) }
        event["involvedObject"] = .object(involved)
        event["reason"] = .string(reason)
        event["message"] = .string(message)
        event["source"] =
            host.isEmpty
            ? ["component": .string(component)] : ["component": .string(component), "host": .string(host)]
        event["firstTimestamp"] = .string(now.rfc3339)
        event["lastTimestamp"] = .string(now.rfc3339)
        event["count"] = 1
        event["type"] = .string(severity.rawValue)
        event["reportingComponent"] = .string(component)
        event["reportingInstance"] = .string(host)
        return event
    }
}
