import EdgeAPI
import EdgeBase
import EdgeClient
import Synchronization

/// A source that a test leads: lists and watches answer what was put in, step by step.
final class ScriptedSource: ObjectSource {
    enum Step: Sendable {
        case batch([ObjectChange], revision: UInt64)
        case fail(any Error)
        case end
    }

    private let state = Mutex((lists: [ObjectList](), listCount: 0, watches: [UInt64]()))
    private let steps: AsyncStream<Step>
    private let continuation: AsyncStream<Step>.Continuation
    private let handled: AsyncStream<Void>
    private let handledContinuation: AsyncStream<Void>.Continuation

    init(lists: [ObjectList]) {
        (steps, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
        (handled, handledContinuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
        state.withLock { $0.lists = lists }
    }

    var listCount: Int { state.withLock(\.listCount) }
    /// The revisions from which watches were begun.
    var watches: [UInt64] { state.withLock(\.watches) }

    /// Lets the watch take one step and returns when it has been taken.
    func step(_ step: Step) async {
        continuation.yield(step)
        for await _ in handled { return }
    }

    func list(_ scope: WatchScope) async throws -> ObjectList {
        let list = state.withLock { state in
            state.listCount += 1
            return state.lists.count > 1 ? state.lists.removeFirst() : state.lists.first
        }
        guard let list else { throw APIStatus.serviceUnavailable("no list") }
        return list
    }

    func watch(
        _ scope: WatchScope, after revision: UInt64, deliver: @escaping @Sendable (WatchBatch) async -> Void
    ) async throws {
        state.withLock { $0.watches.append(revision) }
        for await step in steps {
            defer { handledContinuation.yield() }
            switch step {
            case .batch(let changes, let revision):
                await deliver(WatchBatch(changes: changes, revision: revision))
            case .fail(let error): throw error
            case .end: return
            }
        }
    }
}

func object(_ name: String, revision: UInt64, label: String = "") -> EncodedObject {
    let text = "{\"metadata\":{\"name\":\"\(name)\",\"labels\":{\"l\":\"\(label)\"}}}"
    return EncodedObject(
        key: ObjectKey(resource: "pods", namespace: "default", name: name), revision: revision,
        bytes: Array(text.utf8))
}

func change(_ kind: ObjectChange.Kind, _ name: String, revision: UInt64, label: String = "") -> ObjectChange {
    ObjectChange(kind: kind, object: object(name, revision: revision, label: label), previous: nil)
}

/// A clock that stands until it is moved.
final class ManualClock: WallClock {
    private let time = Mutex(Timestamp(seconds: 1_800_000_000))

    var now: Timestamp { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
}
