internal import NIOCore
internal import Synchronization

/// A SPDY/3.1 session over a byte stream.
///
/// Flow control is used when the peer announces it with SETTINGS as its first frame. The peers in practice
/// (moby/spdystream in kubectl and kubelets) neither send nor obey WINDOW_UPDATE: towards them the carrier's
/// own backpressure holds, and a stream that is not read stops the session's reading, as it does in theirs.
public final class SPDYSession: Sendable {
    public enum Role: Sendable {
        case client, server
    }

    struct Settings: Sendable {
        /// Announce and use flow control.
        var usesFlowControl = false
        /// How many bytes of a stream may lie unread.
        var window = 256 * 1024
        var maximumStreams = 1000
    }

    private struct State {
        var streams: [UInt32: SPDYStream] = [:]
        var nextID: UInt32
        var lastPeerID: UInt32 = 0
        var peerWindow: Int?
        var hasReceived = false
        var isOver = false
    }

    private let carrier: any ByteStream
    private let role: Role
    private let settings: Settings
    private let state: Mutex<State>
    private let accepted = InboundQueue<SPDYStream>(size: { _ in 1 })
    let writer: FrameWriter<SPDYFrame>

    convenience init(carrier: any ByteStream, role: Role) throws {
        try self.init(carrier: carrier, role: role, settings: Settings())
    }

    init(carrier: any ByteStream, role: Role, settings: Settings) throws {
        self.carrier = carrier
        self.role = role
        self.settings = settings
        state = Mutex(State(nextID: role == .client ? 1 : 2))
        let encoder = try SPDYEncoderBox()
        writer = FrameWriter { frame, buffer in try encoder.encode(frame, &buffer) }
        if settings.usesFlowControl { writer.post(.settings(initialWindow: UInt32(settings.window))) }
    }

    /// Serves the session while `body` runs. `body` is cancelled when the peer ends the session; when `body`
    /// returns, what was written is sent and the session says goodbye.
    public func run(_ body: @escaping @Sendable () async -> Void) async {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await self.writer.run(to: self.carrier)
                return false
            }
            group.addTask {
                await self.readFrames()
                return true
            }
            group.addTask {
                await body()
                self.writer.postLast(.goAway(lastID: self.state.withLock { $0.lastPeerID }, status: 0))
                self.writer.finish()
                return false
            }
            // The end of reading ends everything; the end of writing ends the reading.
            while let isReadingOver = await group.next() {
                if isReadingOver { group.cancelAll() }
                if !writer.isRunning { group.cancelAll() }
            }
        }
        end(StreamError.closed)
        carrier.closeWhenSent()
    }

    /// The next stream that the peer opens, or nil when the session has ended. It must be answered with
    /// `reply` or `close`.
    public func accept() async throws -> SPDYStream? { try await accepted.next() }

    /// Opens a stream; the peer's reply can be waited for on it.
    public func open(_ headers: SPDYHeaders) async throws -> SPDYStream {
        let stream = try state.withLock { state -> SPDYStream in
            guard !state.isOver else { throw StreamError.closed }
            let id = state.nextID
            guard id < 0x7fff_fff0 else {
                throw StreamError.limitExceeded("SPDY session is out of stream numbers")
            }
            state.nextID += 2
            let stream = makeStream(id, headers, state.peerWindow)
            state.streams[id] = stream
            return stream
        }
        try await writer.send(.synStream(id: stream.id, headers: headers, fin: false))
        return stream
    }

    func ping(_ id: UInt32) { writer.post(.ping(id: id)) }

    func remove(_ id: UInt32) { state.withLock { _ = $0.streams.removeValue(forKey: id) } }

    private func makeStream(_ id: UInt32, _ headers: SPDYHeaders, _ peerWindow: Int?) -> SPDYStream {
        SPDYStream(
            id: id, headers: headers, session: self, window: settings.window, sendWindow: peerWindow,
            sendsUpdates: settings.usesFlowControl)
    }

    private func end(_ error: any Error) {
        let streams = state.withLock { state in
            state.isOver = true
            defer { state.streams = [:] }
            return Array(state.streams.values)
        }
        for stream in streams { stream.connectionEnded(error) }
        accepted.end()
        writer.fail(error)
    }

    // MARK: Reading

    private func readFrames() async {
        do {
            var decoder = try SPDYFrameDecoder()
            var inbound = ByteBuffer()
            while var bytes = try await carrier.read() {
                inbound.discardReadBytes()
                if inbound.readableBytes == 0 { inbound = bytes } else { inbound.writeBuffer(&bytes) }
                while let frame = try decoder.next(from: &inbound) {
                    guard try await handle(frame) else { return end(StreamError.reset("peer said goodbye")) }
                }
            }
            end(StreamError.reset("connection closed"))
        } catch {
            end(error)
        }
    }

    /// False when the session is over.
    private func handle(_ frame: SPDYFrame) async throws -> Bool {
        let isFirst = state.withLock { state in
            defer { state.hasReceived = true }
            return !state.hasReceived
        }
        switch frame {
        case .synStream(let id, let headers, let fin): try receiveStream(id, headers, fin)
        case .synReply(let id, let headers, let fin): stream(id)?.received(reply: headers, fin: fin)
        case .headers(let id, _, let fin): if fin { stream(id)?.receivedEnd() }
        case .rstStream(let id, let status): stream(id)?.receivedReset(status)
        case .settings(let window):
            if isFirst, settings.usesFlowControl {
                state.withLock { $0.peerWindow = Int(min(window ?? 65536, UInt32(Int32.max))) }
            }
        case .ping(let id):
            // Ours have our parity; answers to them need nothing.
            if (id % 2 == 1) != (role == .client), !writer.post(.ping(id: id)) {
                throw StreamError.limitExceeded("too many SPDY pings")
            }
        case .goAway: return state.withLock { !$0.streams.isEmpty }
        case .windowUpdate(let id, let delta): try stream(id)?.receivedWindow(Int(delta))
        case .data(let id, let bytes, let fin): try await receiveData(id, bytes, fin)
        case .unknown: break
        }
        return true
    }

    private func stream(_ id: UInt32) -> SPDYStream? { state.withLock { $0.streams[id] } }

    private func receiveStream(_ id: UInt32, _ headers: SPDYHeaders, _ fin: Bool) throws {
        let peerParity: UInt32 = role == .client ? 0 : 1
        let stream = try state.withLock { state -> SPDYStream? in
            guard id % 2 == peerParity, id > state.lastPeerID else {
                throw StreamError.protocolViolation("SPDY stream \(id) after \(state.lastPeerID)")
            }
            state.lastPeerID = id
            guard state.streams.count < settings.maximumStreams else { return nil }
            let stream = makeStream(id, headers, state.peerWindow)
            state.streams[id] = stream
            return stream
        }
        guard let stream else {
            writer.post(.rstStream(id: id, status: .refusedStream))
            return
        }
        if fin { stream.receivedEnd() }
        accepted.push(stream)
    }

    private func receiveData(_ id: UInt32, _ bytes: ByteBuffer, _ fin: Bool) async throws {
        guard let stream = stream(id) else {
            // Of a stream that we have closed: the peer did not know yet.
            guard state.withLock({ id <= max($0.lastPeerID, $0.nextID) }) else {
                throw StreamError.protocolViolation("SPDY data for stream \(id), which does not exist")
            }
            return
        }
        if bytes.readableBytes > 0 { await stream.received(bytes) }
        if fin { stream.receivedEnd() }
    }
}

/// The encoder belongs to the one task that runs the session's writer.
///
/// `@unchecked Sendable`: `FrameWriter.run` is the only caller of `encode`, one frame after the other.
private final class SPDYEncoderBox: @unchecked Sendable {
    private var encoder: SPDYFrameEncoder

    init() throws {
        encoder = try SPDYFrameEncoder()
    }

    func encode(_ frame: SPDYFrame, _ buffer: inout ByteBuffer) throws {
        try encoder.encode(frame, into: &buffer)
    }
}
