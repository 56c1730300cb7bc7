internal import Synchronization

/// Fans events out to any number of receivers, none of which holds anything up.
final class EventHub: Sendable {
    private struct State {
        var receivers: [UInt64: AsyncStream<RuntimeEvent>.Continuation] = [:]
        var nextID: UInt64 = 0
    }

    private let state = Mutex(State())

    func stream() -> AsyncStream<RuntimeEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: RuntimeEvent.self, bufferingPolicy: .bufferingNewest(256))
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            state.receivers[state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.receivers.removeValue(forKey: id) }
        }
        return stream
    }

    func send(_ event: RuntimeEvent) {
        let receivers = state.withLock { Array($0.receivers.values) }
        for receiver in receivers {
            // The newest event is always kept, so the receiver surely learns that something was lost.
            if case .dropped = receiver.yield(event) { receiver.yield(.overflow) }
        }
    }

    deinit {
        state.withLock { for receiver in $0.receivers.values { receiver.finish() } }
    }
}
