internal import Glibc
internal import NIOCore

/// Carries a download from the task that receives it to the thread that unpacks it: bounded, so that a slow
/// disk slows the network down instead of filling memory. One writer, one reader.
///
/// `@unchecked Sendable`: `state` is touched only with `mutex` held.
final class BytePipe: @unchecked Sendable {
    private struct State {
        var buffers: [ByteBuffer] = []
        var bytes = 0
        var end: Result<Void, any Error>?
        var readerIsGone = false
        var waitingWriter: CheckedContinuation<Void, Never>?

        var isReadable: Bool { !buffers.isEmpty || end != nil }

        /// What the reader gets next, once there is something.
        mutating func take() -> Result<ByteBuffer?, any Error> {
            if case .failure(let error) = end { return .failure(error) }
            guard !buffers.isEmpty else { return .success(nil) }
            let buffer = buffers.removeFirst()
            bytes -= buffer.readableBytes
            return .success(buffer)
        }
    }

    private static let capacity = 1 << 20

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state = State()

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    private func locked<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Hands bytes over, waiting while the pipe is full. False when the reader has gone.
    func write(_ buffer: ByteBuffer) async throws -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let proceeds = locked { state in
                    if state.bytes < Self.capacity || state.readerIsGone || Task.isCancelled { return true }
                    state.waitingWriter = continuation
                    return false
                }
                if proceeds { continuation.resume() }
            }
        } onCancel: {
            wakeWriter()
        }
        try Task.checkCancellation()
        return locked { state in
            guard !state.readerIsGone else { return false }
            state.buffers.append(buffer)
            state.bytes += buffer.readableBytes
            pthread_cond_signal(condition)
            return true
        }
    }

    /// No more bytes come: the reader sees the end, or the error.
    func finish(_ result: Result<Void, any Error> = .success(())) {
        locked { state in
            if state.end == nil { state.end = result }
            pthread_cond_signal(condition)
        }
    }

    private func wakeWriter() {
        let writer = locked { state in
            defer { state.waitingWriter = nil }
            return state.waitingWriter
        }
        writer?.resume()
    }

    /// The next bytes, waiting for them; nil at the end. An error of the writer comes before bytes that are
    /// still queued: they are worth nothing any more. Blocks.
    func read() throws -> ByteBuffer? {
        pthread_mutex_lock(mutex)
        // Every look is an access of its own: during one that lasted over the wait, the compiler may take for
        // granted that nobody else changes the state.
        while !state.isReadable { pthread_cond_wait(condition, mutex) }
        let result = state.take()
        pthread_mutex_unlock(mutex)
        wakeWriter()
        return try result.get()
    }

    /// The reader reads no more: what the writer still sends is dropped.
    func closeReader() {
        locked { state in
            state.readerIsGone = true
            state.buffers = []
            state.bytes = 0
        }
        wakeWriter()
    }
}
