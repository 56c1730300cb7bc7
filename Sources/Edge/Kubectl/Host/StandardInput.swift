internal import Glibc
internal import Synchronization

/// Standard input, read by a thread of its own from the first question on.
final class StandardInput: KubectlInput {
    private static let chunk = 32 << 10

    private struct State {
        var isStarted = false
        var isWanted = false
        var waiter: CheckedContinuation<[UInt8]?, Never>?
        var isAtEnd = false
        /// Read, but nobody waited any more.
        var left: [UInt8]?
    }

    private let state = Mutex(State())
    private let wanted = ThreadSemaphore()

    func read() async throws -> [UInt8]? {
        let ready = state.withLock { state -> [UInt8]?? in
            if let left = state.left {
                state.left = nil
                return left
            }
            return state.isAtEnd ? .some(nil) : nil
        }
        if let ready { return ready }
        start()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.waiter = continuation
                    defer { state.isWanted = true }
                    // After a cancelled question the thread is still reading.
                    if !state.isWanted { wanted.signal() }
                    return false
                }
                if isCancelled { continuation.resume(returning: nil) }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }?.resume(returning: nil)
        }
    }

    private func start() {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else { return }
        HostThread.start { [self] in
            while true {
                wanted.wait()
                let bytes = Self.readOnce()
                let waiter = state.withLock { state -> CheckedContinuation<[UInt8]?, Never>? in
                    state.isWanted = false
                    if bytes == nil { state.isAtEnd = true }
                    defer { state.waiter = nil }
                    if state.waiter == nil { state.left = bytes }
                    return state.waiter
                }
                waiter?.resume(returning: bytes)
                if bytes == nil { return }
            }
        }
    }

    private static func readOnce() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            return count > 0 ? Array(buffer[..<count]) : nil
        }
    }
}
