import Synchronization
import Testing

@testable import EdgeSystem

@Suite struct MessageSocketTests {
    @Test func carriesMessagesAndDescriptors() async throws {
        let directory = "/tmp/edge-test-" + String(repeating: "long", count: 40)
        try Directory.make(directory)
        defer { try? Directory.removeTree(directory) }
        let listener = try MessageSocket.listen(at: directory + "/socket")
        #expect(try FileStatus(of: directory + "/socket").mode == 0o600)
        let client = try MessageSocket.connect(to: directory + "/socket")
        let server = MessageSocket(try accept(listener.rawValue))
        let ends = try Pipe().takeEnds()
        try client.send(Array("hello".utf8), descriptors: [ends.write.rawValue])
        try client.send(Array("again".utf8))
        let first = try #require(try server.receive())
        #expect(first.bytes == Array("hello".utf8))
        #expect(first.descriptors.count == 1)
        #expect(try server.receive()?.bytes == Array("again".utf8))
        #expect(throws: SystemError.self) { _ = try server.receive() }
        client.close()
        #expect(try server.receive() == nil)
    }

    private func accept(_ listener: Int32) throws -> FileDescriptor {
        try MessageSocket.accept(listener)
    }
}
