import EdgeBase
import Testing

@testable import EdgeNetlink

/// Requests byte by byte, as the kernel's headers define them.
@Suite struct RouteRequestTests {
    let socket = RecordingNetlinkSocket()
    var client: RouteClient { RouteClient(socket: socket) }

    @Test func vxlan() throws {
        let settings = VXLANSettings(id: 1, port: 8472, local: IPAddress("10.0.0.1"), device: 2)
        try client.createVXLAN(
            named: "vx0", settings, mtu: 1450, address: MACAddress(of: IPv4Address(10, 42, 1, 0)))
        #expect(
            socket.sent == [
                hex(
                    """
                    78000000 1000 0506 01000000 00000000     # 120 bytes, RTM_NEWLINK, CREATE EXCL ACK REQUEST
                    00 00 0000 00000000 00000000 00000000    # ifinfomsg
                    0800 0300 76783000                       # IFLA_IFNAME "vx0"
                    0800 0400 aa050000                       # IFLA_MTU 1450
                    0a00 0100 0a580a2a0100 0000              # IFLA_ADDRESS
                    3c00 1280                                # IFLA_LINKINFO
                      0a00 0100 76786c616e00 0000            #   kind "vxlan"
                      2c00 0280                              #   data
                        0800 0100 01000000                   #     id 1
                        0800 0300 02000000                   #     device 2
                        0800 0400 0a000001                   #     local address
                        0500 0700 00000000                   #     learning off
                        0600 0f00 21180000                   #     port 8472, network order
                    """)
            ])
    }

    @Test func route() throws {
        let destination = try #require(CIDR("10.42.2.0/24"))
        try client.replace(
            Route(to: destination, via: IPAddress("10.42.2.0"), interface: 7, onLink: true))
        #expect(
            socket.sent == [
                hex(
                    """
                    3c000000 1800 0505 01000000 00000000     # 60 bytes, RTM_NEWROUTE, CREATE REPLACE ACK REQUEST
                    02 18 00 00 fe ed 00 01 04000000         # AF_INET, /24, main, edge's, universe, unicast, onlink
                    0800 0100 0a2a0200                       # RTA_DST
                    0800 0500 0a2a0200                       # RTA_GATEWAY
                    0800 0400 07000000                       # RTA_OIF
                    0800 0f00 fe000000                       # RTA_TABLE
                    """)
            ])
    }

    @Test func forwardingEntry() throws {
        let mac = try #require(MACAddress("0a:58:0a:2a:02:00"))
        let host = try #require(IPAddress("10.0.0.2"))
        try client.replace(ForwardingEntry(interface: 7, linkAddress: mac, destination: host))
        #expect(
            socket.sent == [
                hex(
                    """
                    30000000 1c00 0505 01000000 00000000     # 48 bytes, RTM_NEWNEIGH
                    07 00 0000 07000000 c000 02 00           # AF_BRIDGE, index 7, PERMANENT NOARP, NTF_SELF
                    0a00 0200 0a580a2a0200 0000              # NDA_LLADDR
                    0800 0100 0a000002                       # NDA_DST
                    """)
            ])
    }

    @Test func address() throws {
        let cidr = try #require(CIDR("10.42.1.1/24"))
        try client.add(InterfaceAddress(interface: 3, cidr: cidr))
        #expect(
            socket.sent == [
                hex(
                    """
                    30000000 1400 0506 01000000 00000000     # 48 bytes, RTM_NEWADDR, CREATE EXCL ACK REQUEST
                    02 18 00 00 03000000                     # AF_INET, /24, universe, index 3
                    0800 0200 0a2a0101                       # IFA_LOCAL
                    0800 0100 0a2a0101                       # IFA_ADDRESS
                    0800 0800 00000000                       # IFA_FLAGS
                    """)
            ])
    }
}
