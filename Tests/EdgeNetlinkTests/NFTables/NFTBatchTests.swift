import EdgeBase
import Testing

@testable import EdgeNetlink

/// A transaction byte by byte, as `nft` itself sends it.
@Suite struct NFTBatchTests {
    @Test func verdictMapElement() throws {
        let socket = RecordingNetlinkSocket()
        // The second message is the last of the transaction: its acknowledgement is the only one.
        socket.answer(RecordingNetlinkSocket.acknowledgement(sequence: [2, 0, 0, 0]))
        let drained = NFTablesClient(socket: Drained(socket))
        let table = NFTTable(.ipv4, "e")
        var batch = NFTBatch()
        batch.add(
            [NFTElement(NFTKey([10, 43, 0, 1], [6], .port(443)), .verdict(.goto("c")))], to: "m", of: table)
        try drained.commit(batch)
        #expect(
            socket.sent == [
                hex(
                    """
                    14000000 1000 0100 01000000 00000000  00 00 000a    # NFNL_MSG_BATCH_BEGIN, nf_tables
                    58000000 0c0a 0504 02000000 00000000  02 00 0000    # NFT_MSG_NEWSETELEM, ip
                      0600 0100 6500 0000                               #   table "e"
                      0600 0200 6d00 0000                               #   set "m"
                      3400 0380                                         #   elements
                        3000 0180                                       #     element
                          1400 0180                                     #       key
                            1000 0100 0a2b0001 06000000 01bb0000        #         10.43.0.1 . tcp . 443
                          1800 0280                                     #       data
                            1400 0280                                   #         verdict
                              0800 0100 fffffffc                        #           NFT_GOTO
                              0600 0200 6300 0000                       #           chain "c"
                    14000000 1100 0100 03000000 00000000  00 00 000a    # NFNL_MSG_BATCH_END
                    """)
            ])
    }

    /// Answers only what has been sent: the session drains a socket before it begins a transaction.
    private struct Drained: NetlinkSocket {
        let inner: RecordingNetlinkSocket
        init(_ inner: RecordingNetlinkSocket) { self.inner = inner }
        func send(_ datagram: [UInt8]) throws { try inner.send(datagram) }
        func receive(wait: Bool) throws -> [UInt8]? {
            inner.sent.isEmpty ? nil : try inner.receive(wait: wait)
        }
    }
}
