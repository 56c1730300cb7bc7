internal import EdgeBase
public import EdgeSystem
internal import Synchronization

extension RuntimeService {
    /// Joins a running container's own streams: what it writes from now on, and its input if it has one. Its log
    /// goes on as before.
    public func attach(_ containerID: String) async throws -> AttachSession {
        let entry = table.withLock { $0.containers[containerID] }
        guard let entry else { throw RuntimeError(.notFound, "no container \(containerID)") }
        guard case .running = entry.phase else {
            throw RuntimeError(.failedPrecondition, "container \(containerID) is not running")
        }
        let connection = try connection(ofSandbox: entry.record.sandboxID)
        let (ours, theirs) = try MessageSocket.pair()
        let (isTerminal, input) = try await connection.attach(containerID, output: theirs)
        let closesInput = entry.record.closesInputAfterAttach && !isTerminal
        return AttachSession(
            packets: try AsyncDescriptor(ours, reactor: reactor),
            input: try input.map { try AsyncDescriptor($0, reactor: reactor) }, hasTerminal: isTerminal
        ) {
            // A container that has ended meanwhile needs no end of input.
            if closesInput { try? await connection.closeInput(containerID) }
        }
    }

    /// Connects to a port on the pod's own loopback, first by IPv4, then by IPv6 (the rule of `kubectl
    /// port-forward`). The socket is connected and non-blocking.
    public func dial(port: UInt16, inSandbox id: String) async throws -> SharedDescriptor {
        let connection = try connection(ofSandbox: id)
        do {
            return try await dial(.v4(.loopback), port, connection)
        } catch let failure as SystemError where failure.errno == .connectionRefused {
            do { return try await dial(.v6(.loopback), port, connection) } catch { throw failure }
        }
    }

    private func dial(_ address: IPAddress, _ port: UInt16, _ connection: HelperConnection) async throws
        -> SharedDescriptor
    {
        let socket = try AsyncDescriptor(try await connection.dial(address, port: port), reactor: reactor)
        try await socket.ready(for: .writable)
        if let errno = socket.socketError() { throw SystemError("connect", "\(address) port \(port)", errno) }
        return try socket.detach()
    }

    /// Makes the helper open the log again, after somebody else has renamed it.
    public func reopenLog(_ containerID: String) async throws {
        let container = try container(containerID)
        guard case .running = container.state else {
            throw RuntimeError(.failedPrecondition, "container \(containerID) is not running")
        }
        try await connection(ofSandbox: container.sandboxID).reopenLog(containerID)
    }
}
