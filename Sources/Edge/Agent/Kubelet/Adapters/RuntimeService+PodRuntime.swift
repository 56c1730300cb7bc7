public import EdgeRuntime
internal import EdgeSystem

/// The runtime of this process, with a reactor for the connections that it opens.
extension RuntimeService: PodRuntime {
    public func openProcess(_ request: ExecRequest, in containerID: String) async throws
        -> any ContainerProcess
    {
        RuntimeProcess(session: try await exec(request, in: containerID))
    }

    public func openAttachment(_ containerID: String) async throws -> any ContainerAttachment {
        RuntimeAttachment(session: try await attach(containerID))
    }

    public func openConnection(port: UInt16, inSandbox id: String) async throws -> any ContainerConnection {
        let socket = try await dial(port: port, inSandbox: id)
        return RuntimeConnection(socket: try AsyncDescriptor(socket, reactor: try ConnectionReactor.shared()))
    }
}

/// The event loop of forwarded connections: one for the process, made with the first connection.
private enum ConnectionReactor {
    private static let reactor = Result { try Reactor() }

    static func shared() throws -> Reactor { try reactor.get() }
}

private struct RuntimeProcess: ContainerProcess {
    let session: ExecSession

    var hasTerminal: Bool { session.hasTerminal }
    func readOutput() async throws -> [UInt8]? { try await session.output?.read() }
    func readErrorOutput() async throws -> [UInt8]? { try await session.errorOutput?.read() }
    func writeInput(_ bytes: [UInt8]) async throws { try await session.input?.write(bytes) }

    func closeInput() {
        // A terminal's input is its output as well: its end is typed by the user.
        if !session.hasTerminal { session.input?.close() }
    }

    func resize(columns: UInt16, rows: UInt16) { try? session.resize(columns: columns, rows: rows) }

    func wait() async -> ExitStatus? {
        let status = await session.wait()
        // A child left in the background may keep the pipes open: the process's own end counts.
        session.output?.endWhenEmpty()
        session.errorOutput?.endWhenEmpty()
        return status
    }

    func close() { session.close() }
}

private struct RuntimeAttachment: ContainerAttachment {
    let session: AttachSession

    var hasTerminal: Bool { session.hasTerminal }
    var hasInput: Bool { session.input != nil }
    func next() async throws -> AttachSession.Chunk? { try await session.next() }
    func writeInput(_ bytes: [UInt8]) async throws { try await session.input?.write(bytes) }
    func endInput() async { await session.endInput() }
    func resize(columns: UInt16, rows: UInt16) { try? session.resize(columns: columns, rows: rows) }
    func close() { session.close() }
}

private struct RuntimeConnection: ContainerConnection {
    let socket: AsyncDescriptor

    func read() async throws -> [UInt8]? { try await socket.read() }
    func write(_ bytes: [UInt8]) async throws { try await socket.write(bytes) }
    func close() { socket.close() }
}
