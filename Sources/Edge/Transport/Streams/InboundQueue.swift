internal import NIOCore
internal import Synchronization

/// Hands what a connection pushes to the one task that reads it. It is bounded by its owner: `push` tells how
/// much lies in it, `onConsumed` tells how much was taken out, and the owner stops its peer in between.
final class InboundQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements = CircularBuffer<Element>()
        var buffered = 0
        var isEnded = false
        var failure: (any Error)?
        var waiter: CheckedContinuation<Element?, any Error>?
    }

    private let state = Mutex(State())
    private let size: @Sendable (Element) -> Int
    private let onConsumed: @Sendable (_ taken: Int, _ left: Int) -> Void

    /// - Parameters:
    ///   - size: what an element counts.
    ///   - onConsumed: called after the reader took an element, outside of any lock.
    init(
        size: @escaping @Sendable (Element) -> Int,
        onConsumed: @escaping @Sendable (_ taken: Int, _ left: Int) -> Void = { _, _ in }
    ) {
        self.size = size
        self.onConsumed = onConsumed
    }

    /// How much lies in the queue, in the unit of `size`.
    var buffered: Int { state.withLock { $0.buffered } }

    /// Whether the end has been put in.
    var isEnded: Bool { state.withLock { $0.isEnded } }

    /// Adds an element and returns how much lies in the queue now. After the end it is dropped.
    @discardableResult
    func push(_ element: Element) -> Int {
        let amount = size(element)
        let (waiter, buffered) = state.withLock { state -> (CheckedContinuation<Element?, any Error>?, Int) in
            guard !state.isEnded else { return (nil, state.buffered) }
            if let waiter = state.waiter {
                state.waiter = nil
                return (waiter, state.buffered)
            }
            state.elements.append(element)
            state.buffered += amount
            return (nil, state.buffered)
        }
        if let waiter {
            waiter.resume(returning: element)
            onConsumed(amount, 0)
        }
        return buffered
    }

    /// Ends the queue: what lies in it can still be read, then follows nil, or the failure.
    func end(_ failure: (any Error)? = nil) {
        let waiter = state.withLock { state -> CheckedContinuation<Element?, any Error>? in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            state.failure = failure
            defer { state.waiter = nil }
            return state.waiter
        }
        if let failure { waiter?.resume(throwing: failure) } else { waiter?.resume(returning: nil) }
    }

    /// Ends the queue and drops what lies in it.
    func discard(_ failure: any Error) {
        state.withLock { state in
            state.elements.removeAll()
            state.buffered = 0
            if state.isEnded { state.failure = state.failure ?? failure }
        }
        end(failure)
    }

    /// The next element, or nil at the end.
    func next() async throws -> Element? {
        if let element = try take() { return element.value }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(continuation)
            }
        } onCancel: {
            state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }?.resume(throwing: CancellationError())
        }
    }

    private struct Taken {
        let value: Element?
    }

    /// What can be had without waiting: an element or the end.
    private func take() throws -> Taken? {
        let (result, left) = state.withLock { state -> (Result<Taken?, any Error>, Int) in
            if let element = state.elements.popFirst() {
                state.buffered -= size(element)
                return (.success(Taken(value: element)), state.buffered)
            }
            guard state.isEnded else { return (.success(nil), 0) }
            if let failure = state.failure { return (.failure(failure), 0) }
            return (.success(Taken(value: nil)), 0)
        }
        let taken = try result.get()
        if let element = taken?.value { onConsumed(size(element), left) }
        return taken
    }

    private func wait(_ continuation: CheckedContinuation<Element?, any Error>) {
        // Looked at again under the lock: something may have arrived since `take`.
        let ready = state.withLock { state -> Result<Element?, any Error>? in
            if Task.isCancelled { return .failure(CancellationError()) }
            if let element = state.elements.popFirst() {
                state.buffered -= size(element)
                return .success(element)
            }
            if state.isEnded { return state.failure.map { .failure($0) } ?? .success(nil) }
            if state.waiter != nil {
                return .failure(StreamError.protocolViolation("two tasks read one stream"))
            }
            state.waiter = continuation
            return nil
        }
        guard let ready else { return }
        continuation.resume(with: ready)
        if case .success(let element?) = ready { onConsumed(size(element), buffered) }
    }
}
