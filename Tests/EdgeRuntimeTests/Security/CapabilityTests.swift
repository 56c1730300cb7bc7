import Testing

@testable import EdgeRuntime

@Suite struct CapabilityTests {
    @Test func hasTheDefaultsOfContainerd() {
        #expect(CapabilitySet.containerDefault.rawValue == 0x0000_0000_a804_25fb)
        #expect(CapabilitySet.containerDefault.rawValue.nonzeroBitCount == 14)
        #expect(CapabilitySet.all.rawValue == 0x1ff_ffff_ffff)
    }

    @Test(
        arguments: [
            ([], [], 0xa804_25fb), (["NET_ADMIN"], [], 0xa804_35fb), ([], ["ALL"], 0),
            (["ALL"], [], 0x1ff_ffff_ffff),
            (["cap_net_bind_service"], ["ALL"], 0x400), (["ALL"], ["SYS_ADMIN"], 0x1ff_ffdf_ffff),
            (["CHOWN"], ["CHOWN"], 0xa804_25fa), ([], ["CAP_KILL"], 0xa804_25db),
        ] as [([String], [String], UInt64)])
    func resolves(added: [String], dropped: [String], expected: UInt64) throws {
        #expect(try CapabilitySet.resolve(added: added, dropped: dropped).rawValue == expected)
    }

    @Test func refusesUnknownNames() {
        #expect(throws: RuntimeError.self) { try CapabilitySet.resolve(added: ["FLY"], dropped: []) }
    }
}
