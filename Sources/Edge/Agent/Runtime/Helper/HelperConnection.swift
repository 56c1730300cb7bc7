internal import CEdgeLinux
internal import EdgeSystem
internal import Synchronization

/// The connection to a pod's helper: requests with replies, and the ends of processes as events.
final class HelperConnection: Sendable {
    struct Reply: Sendable {
        var fields: WireReader
        let descriptors: [SharedDescriptor]
    }

    /// A process that has ended.
    struct Exit: Sendable, Equatable {
        let isContainer: Bool
        let id: String
        let container: String
        let code: Int32
        let signal: Int32
        let isOutOfMemory: Bool
        let finished: Int64
    }

    /// A request that the helper refused, or could not carry out.
    struct Failure: Error, CustomStringConvertible {
        let what: String
        let errno: Errno
        var description: String { "\(what): \(errno)" }
    }

    private struct State {
        var pending: [UInt32: CheckedContinuation<Reply, any Error>] = [:]
        var abandoned: Set<UInt32> = []
        var nextSequence: UInt32 = 1
        var isClosed = false
    }

    private let socket: MessageSocket
    private let state = Mutex(State())

    /// - Parameters:
    ///   - onExit: on the reactor's thread, in the order in which the processes ended.
    ///   - onClose: once, when the helper has gone or has taken another edge.
    init(
        path: String, reactor: Reactor, onExit: @escaping @Sendable (Exit) -> Void,
        onClose: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        socket = try MessageSocket.connect(to: path)
        try socket.startReceiving(on: reactor) { [weak self] message in
            guard let self else { return }
            if let message {
                receive(message, onExit)
            } else {
                failPending()
                onClose()
            }
        }
    }

    func request(
        _ type: edge_pod_request, _ encode: (inout WireWriter) -> Void = { _ in },
        descriptors: [SharedDescriptor] = []
    ) async throws -> Reply {
        let sequence = state.withLock { state in
            defer { state.nextSequence &+= 1 }
            return state.nextSequence
        }
        var writer = WireWriter()
        writer.append(UInt32(EDGE_POD_VERSION) | UInt32(type.rawValue) << 16)
        writer.append(sequence)
        writer.append(UInt32(0))
        encode(&writer)
        let bytes = writer.bytes
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                send(bytes, descriptors, sequence, continuation)
            }
        } onCancel: {
            let continuation = state.withLock { state in
                let pending = state.pending.removeValue(forKey: sequence)
                if pending == nil { state.abandoned.insert(sequence) }
                return pending
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private func send(
        _ bytes: [UInt8], _ descriptors: [SharedDescriptor], _ sequence: UInt32,
        _ continuation: CheckedContinuation<Reply, any Error>
    ) {
        let failure = state.withLock { state -> (any Error)? in
            if state.abandoned.remove(sequence) != nil { return CancellationError() }
            if state.isClosed { return RuntimeError(.unavailable, "the pod's helper is gone") }
            do throws(SystemError) {
                try socket.send(bytes, descriptors: descriptors.map(\.rawValue))
                state.pending[sequence] = continuation
                return nil
            } catch {
                return error
            }
        }
        // Open until here, whatever the optimiser makes of it.
        withExtendedLifetime(descriptors) {}
        if let failure { continuation.resume(throwing: failure) }
    }

    private func receive(_ message: MessageSocket.Message, _ onExit: (Exit) -> Void) {
        var fields = WireReader(message.bytes)
        guard let head = fields.u32(), let sequence = fields.u32(), let error = fields.u32() else { return }
        if sequence == 0 {
            if head >> 16 == UInt32(EDGE_POD_EXITED.rawValue), let exit = Exit(&fields) { onExit(exit) }
            return
        }
        guard let continuation = state.withLock({ $0.pending.removeValue(forKey: sequence) }) else { return }
        if error == 0 {
            continuation.resume(returning: Reply(fields: fields, descriptors: message.descriptors))
        } else {
            let errno = Errno(rawValue: Int32(bitPattern: error))
            continuation.resume(throwing: Failure(what: fields.string() ?? "request", errno: errno))
        }
    }

    private func failPending() {
        let pending = state.withLock { state in
            state.isClosed = true
            defer { state.pending = [:] }
            return state.pending
        }
        for continuation in pending.values {
            continuation.resume(throwing: RuntimeError(.unavailable, "the pod's helper is gone"))
        }
    }

    /// Leaves the helper alone; it goes on and takes the next edge.
    func close() {
        socket.close()
        failPending()
    }
}

extension HelperConnection.Exit {
    fileprivate init?(_ fields: inout WireReader) {
        guard let kind = fields.u32(), let id = fields.string(), let container = fields.string(),
            let code = fields.u32(), let signal = fields.u32(), let oom = fields.u32(),
            let finished = fields.u64()
        else { return nil }
        self.init(
            isContainer: kind == UInt32(EDGE_POD_KIND_CONTAINER), id: id, container: container,
            code: Int32(bitPattern: code), signal: Int32(bitPattern: signal), isOutOfMemory: oom != 0,
            finished: Int64(bitPattern: finished))
    }
}
