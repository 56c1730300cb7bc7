internal import NIOCore
internal import Synchronization

/// Both ends of an agent tunnel: many byte streams over one.
final class TunnelSession: Sendable {
    enum Role: Sendable {
        /// The control plane, which opens streams.
        case server
        /// The node, which dials what it allows.
        case agent
    }

    struct Settings: Sendable {
        var window = 256 * 1024
        var maximumStreams = 1000
        /// How often the agent asks whether the server is there.
        var pingInterval = Duration.seconds(10)
        /// Without a sign of life for this long the session is over.
        var silenceLimit = Duration.seconds(25)
        var openTimeout = Duration.seconds(8)
    }

    private struct State {
        var streams: [UInt32: TunnelStream] = [:]
        var nextID: UInt32
        var lastPeerID: UInt32 = 0
        var peerWindow: Int?
        var lastHeard = ContinuousClock.now
        var isOver = false
    }

    /// A stream that the peer wants to be joined to a target.
    private struct Request: Sendable {
        let stream: TunnelStream
        let target: String
    }

    let writer = FrameWriter<TunnelFrame> { frame, buffer in frame.encode(into: &buffer) }
    private let carrier: any ByteStream
    private let role: Role
    private let settings: Settings
    private let dial: @Sendable (String) async throws -> any ByteStream
    private let state: Mutex<State>
    private let requests = InboundQueue<Request>(size: { _ in 1 })
    /// Opened when the peer's greeting has come.
    private let greeting = WritabilityGate(isWritable: false)

    /// - Parameter dial: opens what the peer asks for; throws to refuse.
    init(
        carrier: any ByteStream, role: Role, settings: Settings = Settings(),
        dial: @escaping @Sendable (String) async throws -> any ByteStream
    ) {
        self.carrier = carrier
        self.role = role
        self.settings = settings
        self.dial = dial
        state = Mutex(State(nextID: role == .server ? 1 : 2))
        writer.post(.hello(version: TunnelFrame.version, window: UInt32(settings.window)))
    }

    /// Serves the tunnel until it breaks, the peer ends it or the task is cancelled; returns why it ended.
    func run() async -> any Error {
        let reason = await withTaskGroup(of: StreamEnd.self) { group in
            group.addTask {
                await self.writer.run(to: self.carrier)
                return StreamEnd(self.writer.failure ?? StreamError.closed)
            }
            group.addTask { StreamEnd(await self.watchOverSilence()) }
            group.addTask { StreamEnd(await self.readFrames()) }
            group.addTask {
                await self.serveOpened()
                return StreamEnd(StreamError.closed)
            }
            // Any of them ending ends the session.
            let reason = await group.next()?.error ?? StreamError.closed
            end(reason)
            group.cancelAll()
            return StreamEnd(reason)
        }
        carrier.close()
        return reason.error
    }

    /// Opens a stream to what the peer reaches as `target`.
    func open(_ target: String) async throws -> any ByteStream {
        try await Deadline.run(settings.openTimeout, "open \(target) through the tunnel") {
            // Sent only when the peer's window is known.
            try await self.greeting.wait()
            let stream = try self.state.withLock { state -> TunnelStream in
                guard !state.isOver, let window = state.peerWindow else { throw StreamError.closed }
                guard state.streams.count < self.settings.maximumStreams else {
                    throw StreamError.limitExceeded("\(state.streams.count) streams in the tunnel")
                }
                let id = state.nextID
                guard id < UInt32.max - 4 else {
                    throw StreamError.limitExceeded("tunnel is out of stream numbers")
                }
                state.nextID += 2
                let stream = TunnelStream(
                    id: id, session: self, window: self.settings.window, peerWindow: window)
                state.streams[id] = stream
                return stream
            }
            do {
                try await self.writer.send(.open(stream: stream.id, target: target))
                try await stream.waitUntilOpened()
                return stream
            } catch {
                stream.close()
                throw error
            }
        }
    }

    func remove(_ id: UInt32) { state.withLock { _ = $0.streams.removeValue(forKey: id) } }

    var isOver: Bool { state.withLock { $0.isOver } }

    var streamCount: Int { state.withLock { $0.streams.count } }

    /// Ends the session in an orderly way.
    func goAway(_ reason: String) {
        writer.postLast(.goAway(reason: reason))
        writer.finish()
    }

    /// Breaks the session off.
    func abort() { carrier.close() }

    private func end(_ error: any Error) {
        let streams = state.withLock { state in
            state.isOver = true
            defer { state.streams = [:] }
            return Array(state.streams.values)
        }
        for stream in streams { stream.end(error) }
        greeting.fail(error)
        requests.end(error)
        writer.fail(error)
    }

    /// The agent asks; both notice when nothing comes any more.
    private func watchOverSilence() async -> any Error {
        var token: UInt64 = 0
        while (try? await Task.sleep(for: settings.pingInterval)) != nil {
            if ContinuousClock.now - state.withLock({ $0.lastHeard }) > settings.silenceLimit {
                return StreamError.timedOut("the tunnel's peer is silent")
            }
            token += 1
            if role == .agent { writer.post(.ping(token)) }
        }
        return CancellationError()
    }

    // MARK: Reading

    private func readFrames() async -> any Error {
        do {
            var inbound = ByteBuffer()
            var hasGreeted = false
            while var bytes = try await carrier.read() {
                inbound.discardReadBytes()
                if inbound.readableBytes == 0 { inbound = bytes } else { inbound.writeBuffer(&bytes) }
                state.withLock { $0.lastHeard = .now }
                while let frame = try TunnelFrame.decode(from: &inbound) {
                    if !hasGreeted {
                        try receiveHello(frame)
                        hasGreeted = true
                    } else if let error = try handle(frame) {
                        return error
                    }
                }
            }
            return StreamError.reset("connection closed")
        } catch {
            return error
        }
    }

    private func receiveHello(_ frame: TunnelFrame) throws {
        guard case .hello(let version, let window) = frame else {
            throw StreamError.protocolViolation("tunnel does not begin with a greeting")
        }
        guard version == TunnelFrame.version else {
            throw StreamError.protocolViolation("tunnel version \(version) is not known here")
        }
        state.withLock { $0.peerWindow = Int(min(window, UInt32(Int32.max))) }
        greeting.set(isWritable: true)
    }

    /// Why the session is over, or nil to go on.
    private func handle(_ frame: TunnelFrame) throws -> (any Error)? {
        switch frame {
        case .hello: throw StreamError.protocolViolation("second greeting in a tunnel")
        case .open(let id, let target): try receiveOpen(id, target)
        case .opened(let id): stream(id)?.receivedOpened()
        case .data(let id, let bytes): stream(id)?.received(bytes)
        case .fin(let id): stream(id)?.receivedEnd()
        case .reset(let id, let reason): stream(id)?.receivedReset(reason)
        case .window(let id, let delta): stream(id)?.receivedWindow(Int(delta))
        case .ping(let token):
            guard writer.post(.pong(token)) else {
                throw StreamError.limitExceeded("too many pings in a tunnel")
            }
        case .pong: break
        case .goAway(let reason): return StreamError.reset(reason)
        }
        return nil
    }

    private func stream(_ id: UInt32) -> TunnelStream? { state.withLock { $0.streams[id] } }

    private func receiveOpen(_ id: UInt32, _ target: String) throws {
        let peerParity: UInt32 = role == .server ? 0 : 1
        let stream = try state.withLock { state -> TunnelStream? in
            guard id % 2 == peerParity, id > state.lastPeerID else {
                throw StreamError.protocolViolation("tunnel stream \(id) after \(state.lastPeerID)")
            }
            state.lastPeerID = id
            guard state.streams.count < settings.maximumStreams, let window = state.peerWindow else {
                return nil
            }
            let stream = TunnelStream(id: id, session: self, window: settings.window, peerWindow: window)
            state.streams[id] = stream
            return stream
        }
        guard let stream else {
            writer.post(.reset(stream: id, reason: "too many streams"))
            return
        }
        requests.push(Request(stream: stream, target: target))
    }

    /// Dials what the peer asks for, each in a task of its own.
    private func serveOpened() async {
        await withDiscardingTaskGroup { group in
            while let request = try? await requests.next() {
                group.addTask { await self.serve(request.stream, request.target) }
            }
            group.cancelAll()
        }
    }

    private func serve(_ stream: TunnelStream, _ target: String) async {
        do {
            let reached = try await dial(target)
            try await writer.send(.opened(stream: stream.id))
            await StreamSplice.run(stream, reached)
        } catch {
            stream.close(reason: "\(error)")
        }
    }
}

/// Why one of a session's tasks ended.
private struct StreamEnd: Sendable {
    let error: any Error

    init(_ error: any Error) {
        self.error = error
    }
}
