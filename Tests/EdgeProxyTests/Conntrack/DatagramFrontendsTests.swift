import EdgeBase
import EdgeNetlink
import Testing

@testable import EdgeProxy

@Suite struct DatagramFrontendsTests {
    private func entry(
        _ destination: String, _ answerer: String, transport: UInt8 = 17, translated: Bool = true
    ) -> ConntrackEntry {
        let (destination, answerer) = (ProxyFixture.target(destination), ProxyFixture.target(answerer))
        let client = IPAddress.v4(ProxyFixture.address("10.42.0.9"))
        return ConntrackEntry(
            original: ConntrackTuple(
                source: client, destination: .v4(destination.address), transportProtocol: transport,
                sourcePort: 4000, destinationPort: destination.port),
            reply: ConntrackTuple(
                source: .v4(answerer.address), destination: client, transportProtocol: transport,
                sourcePort: answerer.port, destinationPort: 4000), status: translated ? 0x20 : 0)
    }

    private func frontends(_ endpoints: [String]) -> DatagramFrontends {
        var fixture = ProxyFixture()
        fixture.service(transport: .udp, endpoints: endpoints) { $0.nodePort = 30053 }
        return DatagramFrontends(fixture.state)
    }

    @Test func connectionsToEndpointsThatAreThereStay() {
        let frontends = frontends(["10.42.0.2:53", "10.42.0.3:53"])
        #expect(!frontends.isStale(entry("10.43.0.1:80", "10.42.0.2:53")))
        #expect(frontends.isStale(entry("10.43.0.1:80", "10.42.0.4:53")))
        #expect(frontends.isStale(entry("10.43.0.1:80", "10.42.0.2:54")))
        #expect(frontends.isStale(entry("192.168.0.1:30053", "10.42.0.4:53")))
        #expect(!frontends.isStale(entry("192.168.0.1:30053", "10.42.0.3:53")))
    }

    @Test func connectionsOfOthersStay() {
        let frontends = frontends(["10.42.0.2:53"])
        #expect(!frontends.isStale(entry("10.43.0.1:80", "10.42.0.4:53", transport: 6)))
        #expect(!frontends.isStale(entry("10.43.0.2:80", "10.42.0.4:53")))
        #expect(!frontends.isStale(entry("8.8.8.8:30053", "8.8.8.8:30053", translated: false)))
    }

    @Test func connectionsFromBeforeTheServiceHadEndpointsAreStale() {
        #expect(frontends(["10.42.0.2:53"]).isStale(entry("10.43.0.1:80", "10.43.0.1:80", translated: false)))
    }

    @Test func connectionsOfAServiceThatHasGoneAreStale() {
        let before = frontends(["10.42.0.2:53"])
        let now = DatagramFrontends(ProxyState())
        let stale = entry("10.43.0.1:80", "10.42.0.2:53")
        #expect(!now.isStale(stale))
        #expect(now.including(before).isStale(stale))
        #expect(!before.including(now).isStale(stale))
    }
}
