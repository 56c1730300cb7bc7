internal import EdgeBase
internal import Logging
internal import NIOCore
internal import Synchronization

/// The servers outside. Those of a file are read again when a question comes and the last reading is old, so
/// that an idle edge does nothing; the question at hand does not wait for it.
final class UpstreamServers: Sendable {
    /// How old the last reading may get.
    private static let rereadInterval = TimeAmount.seconds(30)
    private static let maximumFileSize = 65536

    private let source: DNSConfiguration.Upstreams
    private let excluded: Set<IPAddress>
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline
    private let state = Mutex(State())

    private struct State {
        var servers: [SocketAddress] = []
        /// The one that answered last.
        var first = 0
        var reread: NIODeadline?
    }

    init(
        _ source: DNSConfiguration.Upstreams, excluding excluded: Set<IPAddress>, logger: Logger,
        now: @escaping @Sendable () -> NIODeadline
    ) {
        self.source = source
        self.excluded = excluded
        self.logger = logger
        self.now = now
    }

    /// The servers, and the place of the one to begin with.
    func current() -> (servers: [SocketAddress], first: Int) {
        let (result, isOld) = state.withLock { state in
            let isOld = state.reread.map { $0 <= now() } ?? false
            if isOld { state.reread = nil }
            return ((state.servers, state.first), isOld)
        }
        if isOld { Task { await load() } }
        return result
    }

    /// Begins with this server from now on.
    func prefer(_ server: Int) {
        state.withLock { $0.first = server }
    }

    /// Reads the servers. A file that cannot be read leaves those that are known.
    func load() async {
        switch source {
        case .servers(let servers):
            replace(servers)
        case .file(let path, let read):
            do {
                let bytes = try await read(path)
                let text = String(decoding: bytes.prefix(Self.maximumFileSize), as: UTF8.self)
                replace(ResolverFile(text, excluding: excluded).servers.map { .init($0) })
            } catch {
                logger.debug("resolver file not read", metadata: ["path": "\(path)", "error": "\(error)"])
            }
            let next = now() + Self.rereadInterval
            state.withLock { $0.reread = next }
        }
    }

    private func replace(_ list: [DNSConfiguration.Server]) {
        let servers = list.compactMap { try? SocketAddress(ipAddress: "\($0.address)", port: $0.port) }
        state.withLock { state in
            guard state.servers != servers else { return }
            state.servers = servers
            state.first = 0
        }
    }
}
