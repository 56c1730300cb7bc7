internal import CEdgeLinux
internal import EdgeBase
internal import EdgeSystem

extension HelperConnection {
    /// A living process, as the helper lists it.
    struct Process: Sendable, Equatable {
        let isContainer: Bool
        let isRunning: Bool
        let id: String
        let container: String
        let pid: Int32
        let started: Timestamp
    }

    struct Listing: Sendable {
        let version: UInt32
        let pid: Int32
        let processes: [Process]
    }

    /// What a process is started with besides its plan.
    struct Start {
        var plan: SharedDescriptor
        var flags: UInt32 = 0
        var cloneFlags: UInt64 = 0
        /// The running container whose process namespace it enters.
        var joined: String?
        /// The v2 directory to be born in.
        var cgroup: SharedDescriptor?
    }

    private static let malformed = RuntimeError(.internalError, "malformed reply from the pod's helper")

    func list() async throws -> Listing {
        var fields = try await request(EDGE_POD_LIST).fields
        guard let version = fields.u32(), let pid = fields.u32(), let count = fields.u32() else {
            throw Self.malformed
        }
        var processes: [Process] = []
        for _ in 0..<count {
            guard let kind = fields.u32(), let state = fields.u32(), let id = fields.string(),
                let container = fields.string(), let pid = fields.u32(), let started = fields.u64()
            else { throw Self.malformed }
            processes.append(
                Process(
                    isContainer: kind == UInt32(EDGE_POD_KIND_CONTAINER), isRunning: state == 2, id: id,
                    container: container, pid: Int32(bitPattern: pid),
                    started: Timestamp(nanoseconds: Int64(bitPattern: started))))
        }
        return Listing(version: version, pid: Int32(bitPattern: pid), processes: processes)
    }

    private func started(_ reply: Reply) throws -> (pid: Int32, started: Timestamp) {
        var fields = reply.fields
        guard let pid = fields.u32(), let started = fields.u64() else { throw Self.malformed }
        return (Int32(bitPattern: pid), Timestamp(nanoseconds: Int64(bitPattern: started)))
    }

    /// Replies once the program runs, or with the reason why it does not.
    func start(
        _ id: String, _ start: Start,
        log: (directory: SharedDescriptor, name: String, limit: UInt64, files: UInt32)?,
        oomCounter: SharedDescriptor?
    ) async throws -> (pid: Int32, started: Timestamp) {
        var flags = start.flags
        if log != nil { flags |= UInt32(EDGE_POD_HAS_LOG) }
        if oomCounter != nil { flags |= UInt32(EDGE_POD_HAS_OOM) }
        if start.cgroup != nil { flags |= UInt32(EDGE_POD_HAS_CGROUP) }
        let descriptors = [start.plan, log?.directory, oomCounter, start.cgroup].compactMap { $0 }
        let reply = try await request(
            start.joined == nil ? EDGE_POD_START : EDGE_POD_START_IN,
            { writer in
                if let joined = start.joined { writer.append(joined) }
                writer.append(id)
                writer.append(flags)
                writer.append(start.cloneFlags)
                writer.append(log?.name ?? "")
                writer.append(log?.limit ?? 0)
                writer.append(log?.files ?? 1)
            }, descriptors: descriptors)
        return try started(reply)
    }

    /// The terminal's master comes back where the plan makes a terminal.
    func exec(_ id: String, in container: String, _ start: Start, stdio: [SharedDescriptor?]) async throws
        -> SharedDescriptor?
    {
        var flags = start.flags
        if start.cgroup != nil { flags |= UInt32(EDGE_POD_HAS_CGROUP) }
        let bits = [EDGE_POD_HAS_STDIN, EDGE_POD_HAS_STDOUT, EDGE_POD_HAS_STDERR]
        for (descriptor, bit) in zip(stdio, bits) where descriptor != nil { flags |= UInt32(bit) }
        let reply = try await request(
            EDGE_POD_EXEC,
            { writer in
                writer.append(id)
                writer.append(container)
                writer.append(flags)
                writer.append(start.cloneFlags)
            }, descriptors: ([start.plan, start.cgroup] + stdio).compactMap { $0 })
        return reply.descriptors.first
    }

    /// A process that has ended already is fine.
    func signal(_ id: String, _ number: Int32) async throws {
        do {
            _ = try await request(EDGE_POD_SIGNAL) { writer in
                writer.append(id)
                writer.append(UInt32(bitPattern: number))
            }
        } catch let failure as Failure where failure.errno == .noProcess {
            return
        }
    }

    /// `output` gets packets of a stream number and bytes. The container's input comes back, if it has one.
    func attach(_ id: String, output: SharedDescriptor) async throws -> (
        isTerminal: Bool, input: SharedDescriptor?
    ) {
        let reply = try await request(EDGE_POD_ATTACH, { $0.append(id) }, descriptors: [output])
        var fields = reply.fields
        return ((fields.u32() ?? 0) != 0, reply.descriptors.first)
    }

    func closeInput(_ id: String) async throws {
        _ = try await request(EDGE_POD_CLOSE_INPUT) { $0.append(id) }
    }

    func reopenLog(_ id: String) async throws {
        _ = try await request(EDGE_POD_REOPEN_LOG) { $0.append(id) }
    }

    /// A socket of the pod's network that is connecting to one of the pod's own addresses.
    func dial(_ address: IPAddress, port: UInt16) async throws -> SharedDescriptor {
        let reply = try await request(EDGE_POD_DIAL) { writer in
            writer.append(UInt32(address.isIPv4 ? 2 : 10))  // AF_INET, AF_INET6
            writer.append(UInt32(port))
            writer.append(blob: address.bytes)
        }
        guard let socket = reply.descriptors.first else { throw Self.malformed }
        return socket
    }

    func quit() async throws {
        _ = try await request(EDGE_POD_QUIT)
    }
}
