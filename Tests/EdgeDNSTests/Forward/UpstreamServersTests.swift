import EdgeBase
import Logging
import NIOCore
import Synchronization
import Testing

@testable import EdgeDNS

@Suite(.timeLimit(.minutes(1))) struct UpstreamServersTests {
    private struct Unreadable: Error {}

    /// The text of the file, nil while it cannot be read, and how often it was read.
    private final class File: Sendable {
        let state = Mutex<(text: String?, reads: Int)>(("nameserver 192.0.2.1\nnameserver 10.43.0.10", 0))

        func read() throws -> [UInt8] {
            try state.withLock { state in
                state.reads += 1
                guard let text = state.text else { throw Unreadable() }
                return Array(text.utf8)
            }
        }

        var reads: Int { state.withLock { $0.reads } }
    }

    @Test func readsTheFileAgain() async throws {
        let file = File()
        let clock = TestClock()
        let servers = UpstreamServers(
            .file("/etc/resolv.conf") { _ in try file.read() }, excluding: [try address("10.43.0.10")],
            logger: Logger(label: "test"), now: { clock.now })
        await servers.load()
        #expect(servers.current().servers.map(\.ipAddress) == ["192.0.2.1"])
        file.state.withLock { $0.text = "nameserver 192.0.2.2\nnameserver 2001:db8::3" }
        clock.advance(.seconds(29))
        #expect(servers.current().servers.map(\.ipAddress) == ["192.0.2.1"])
        #expect(file.reads == 1)
        // The question that finds the reading old still goes to the servers that are known.
        clock.advance(.seconds(1))
        #expect(servers.current().servers.map(\.ipAddress) == ["192.0.2.1"])
        while file.reads < 2 { await Task.yield() }
        while servers.current().servers.count < 2 { await Task.yield() }
        #expect(servers.current().servers.map(\.ipAddress) == ["192.0.2.2", "2001:db8::3"])
        #expect(servers.current().servers.map(\.port) == [53, 53])
    }

    @Test func keepsWhatItKnows() async throws {
        let file = File()
        let servers = UpstreamServers(
            .file("/etc/resolv.conf") { _ in try file.read() }, excluding: [], logger: Logger(label: "test"),
            now: { .uptimeNanoseconds(1) })
        await servers.load()
        file.state.withLock { $0.text = nil }
        await servers.load()
        #expect(servers.current().servers.count == 2)
    }
}
