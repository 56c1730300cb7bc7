import EdgeBase
import EdgeNetlink
import NetTestSupport
import Testing

@Suite struct ConntrackTests {
    @Test func entriesAreListedAndDeletedByEitherSide() throws {
        let test = try TestNamespace()
        // Connections to 10.43.0.10 port 53, answered by one of two endpoints.
        for (port, endpoint) in [(1001, "10.42.0.2"), (1002, "10.42.0.3"), (1003, "10.42.0.2")] {
            try test.shell(
                """
                conntrack -I -p udp -t 100 -s 10.42.0.9 -d 10.43.0.10 --sport \(port) --dport 53 \
                -r \(endpoint) -q 10.42.0.9 --reply-port-src 5353 --reply-port-dst \(port)
                """)
        }
        let client = try ConntrackClient(in: test.namespace)
        #expect(try client.entries().count == 3)
        let one = try #require(try client.entries().first { $0.original.sourcePort == 1002 })
        #expect(one.original.destination == IPAddress("10.43.0.10"))
        #expect(one.reply.source == IPAddress("10.42.0.3"))
        #expect(one.reply.sourcePort == 5353)

        let gone = ConntrackFilter(
            transportProtocol: 17, destination: IPAddress("10.43.0.10"), destinationPort: 53,
            replySource: IPAddress("10.42.0.2"), replySourcePort: 5353)
        #expect(try client.delete(gone) == 2)
        #expect(try client.delete(gone) == 0)
        #expect(try client.entries() == [one])
        #expect(try client.delete(one))
        #expect(try !client.delete(one))
    }
}
