import EdgeBase
import Testing

@testable import EdgeNetlink

@Suite struct NetlinkSessionTests {
    let socket = RecordingNetlinkSocket()

    @Test func refusalNamesOperationObjectAndCause() throws {
        socket.answer(
            RecordingNetlinkSocket.acknowledgement(
                sequence: [1, 0, 0, 0], code: -17, explanation: "Device exists already"))
        let client = RouteClient(socket: socket)
        let error = try #require(throws: NetlinkError.self) { try client.createBridge(named: "edge0") }
        #expect(error.description == "create bridge edge0: file exists: Device exists already")
        #expect(error.alreadyExists)
    }

    @Test func answersToOthersArePassedOver() throws {
        socket.answer(
            RecordingNetlinkSocket.acknowledgement(sequence: [9, 0, 0, 0], code: -1),
            RecordingNetlinkSocket.acknowledgement(sequence: [1, 0, 0, 0]))
        try RouteClient(socket: socket).createBridge(named: "d0")
    }

    @Test func interruptedDumpIsTakenAgain() throws {
        // A link with flags MULTI | DUMP_INTR, and the end; then the same without.
        func dump(_ sequence: UInt8, flags: String) -> [UInt8] {
            hex(
                """
                20000000 1000 \(flags) 0\(sequence)000000 00000000
                  0000 0100 02000000 01000000 00000000           # ifinfomsg: index 2, up
                14000000 0300 0200 0\(sequence)000000 00000000 00000000
                """)
        }
        socket.answer(dump(1, flags: "1200"), dump(2, flags: "0200"))
        #expect(try RouteClient(socket: socket).links().map(\.index) == [2])
        #expect(socket.sent.count == 2)
    }

    @Test func deletingWhatIsNotThereSaysSo() throws {
        socket.answer(RecordingNetlinkSocket.acknowledgement(sequence: [1, 0, 0, 0], code: -19))
        #expect(try !RouteClient(socket: socket).deleteLink(named: "gone"))
    }
}
