import EdgeAPI
import EdgeBase
import EdgeJSON
import Synchronization
import Testing

@testable import EdgeClient

@Suite(.timeLimit(.minutes(1))) struct EventRecorderTests {
    /// Keeps what is written and tells of each write.
    final class Client: APIClient {
        let writes = Mutex<[String]>([])
        let created = Mutex<[APIObject]>([])
        let failsPatches: Bool
        private let stream: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation

        init(failsPatches: Bool = false) {
            self.failsPatches = failsPatches
            (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
        }

        func wait(_ count: Int) async {
            var left = count
            for await _ in stream {
                left -= 1
                if left == 0 { return }
            }
        }

        func get(_ key: ObjectKey) async throws -> EncodedObject {
            throw APIStatus.notFound(key.resource, key.name)
        }
        func list(_ resource: String, namespace: String?, options: ListOptions) async throws -> ObjectList {
            ObjectList(objects: [], revision: 0)
        }

        func create(_ resource: String, _ object: APIObject) async throws -> EncodedObject {
            defer { continuation.yield() }
            writes.withLock { $0.append("create \(resource) \(object.namespace)") }
            created.withLock { $0.append(object) }
            let key = ObjectKey(resource: resource, namespace: object.namespace, name: object.name)
            return EncodedObject(key: key, revision: 1, bytes: object.value.encoded)
        }

        func post(_ key: ObjectKey, subresource: String, _ object: APIObject) async throws -> APIObject {
            object
        }
        func update(_ resource: String, _ object: APIObject, subresource: String?) async throws
            -> EncodedObject
        {
            throw APIStatus.badRequest("unused")
        }

        func patch(_ key: ObjectKey, _ patch: Patch, subresource: String?) async throws -> EncodedObject {
            defer { continuation.yield() }
            writes.withLock { $0.append("patch count=\(patch.body["count"]?.int ?? 0)") }
            if failsPatches { throw APIStatus.notFound(key.resource, key.name) }
            return EncodedObject(key: key, revision: 2, bytes: [])
        }

        func delete(_ key: ObjectKey, options: DeleteOptions) async throws {}
    }

    private func pod(_ uid: String = "u") -> APIObject {
        var pod = APIObject(apiVersion: "v1", kind: "Pod", namespace: "default", name: "web")
        pod[path: "metadata", "uid"] = .string(uid)
        return pod
    }

    @Test func sameEventsRaiseTheCount() async {
        let (client, clock) = (Client(), ManualClock())
        let recorder = EventRecorder(client: client, component: "kubelet", host: "n1", clock: clock)
        let task = Task { await recorder.run() }
        recorder.record(.warning, "BackOff", "again", about: pod(), fieldPath: "spec.containers{c}")
        recorder.record(.warning, "BackOff", "again", about: pod(), fieldPath: "spec.containers{c}")
        recorder.record(.normal, "Started", "up", about: pod())
        await client.wait(3)
        #expect(
            client.writes.withLock { $0 } == [
                "create events default", "patch count=2", "create events default",
            ])
        let event = client.created.withLock { $0[0] }
        #expect(event["type"] == "Warning")
        #expect(event["reason"] == "BackOff")
        #expect(event["source"] == ["component": "kubelet", "host": "n1"])
        #expect(event[path: "involvedObject", "fieldPath"] == "spec.containers{c}")
        #expect(event.name.hasPrefix("web."))
        task.cancel()
        await task.value
    }

    @Test func afterTheWindowAnEventIsNew() async {
        let (client, clock) = (Client(), ManualClock())
        let recorder = EventRecorder(client: client, component: "c", clock: clock)
        let task = Task { await recorder.run() }
        recorder.record(.normal, "A", "m", about: pod())
        await client.wait(1)
        clock.advance(.seconds(601))
        recorder.record(.normal, "A", "m", about: pod())
        await client.wait(1)
        #expect(client.writes.withLock { $0 } == ["create events default", "create events default"])
        task.cancel()
        await task.value
    }

    @Test func anEventThatIsGoneIsMadeAnew() async {
        let client = Client(failsPatches: true)
        let recorder = EventRecorder(client: client, component: "c", clock: ManualClock())
        let task = Task { await recorder.run() }
        recorder.record(.normal, "A", "m", about: pod())
        recorder.record(.normal, "A", "m", about: pod())
        await client.wait(3)
        #expect(
            client.writes.withLock { $0 } == [
                "create events default", "patch count=2", "create events default",
            ])
        task.cancel()
        await task.value
    }

    @Test func budgetsAreBurstsThatRefill() {
        var budget = EventBudget()
        let start = Timestamp(seconds: 1000)
        // Expectations cannot change a value, so the answers are taken first.
        let burst = (0..<26).map { _ in budget.take("a", now: start) }
        #expect(burst == Array(repeating: true, count: 25) + [false])
        let later = [
            budget.take("b", now: start), budget.take("a", now: start + .seconds(299)),
            budget.take("a", now: start + .seconds(300)), budget.take("a", now: start + .seconds(301)),
        ]
        #expect(later == [true, false, true, false])
    }
}
