import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeJoin

@Suite struct ClusterFactsTests {
    private func facts() throws -> ClusterFacts {
        ClusterFacts(
            clusterCIDR: try #require(CIDR("10.42.0.0/16")), serviceCIDR: try #require(CIDR("10.43.0.0/16")),
            dns: IPAddress("10.43.0.10"), domain: "cluster.local", gracePeriodSeconds: 4,
            clientAuthority: "PEM")
    }

    @Test func comesBackFromItsConfigMap() throws {
        #expect(try ClusterFacts(.object(try facts().data)) == facts())
    }

    @Test func mayBeWithoutDNS() throws {
        var facts = try facts()
        facts.dns = nil
        #expect(try ClusterFacts(.object(facts.data)) == facts)
    }

    @Test(arguments: ["cluster-cidr", "service-cidr", "cluster-dns", "cluster-domain", "client-ca.crt"])
    func namesWhatIsMissing(_ name: String) throws {
        var data = JSONValue.object(try facts().data)
        data[name] = JSONValue?.none
        let failure = #expect(throws: JoinFailure.self) { _ = try ClusterFacts(data) }
        #expect(failure == .temporary("configmap kube-system/edge-cluster has no \(name)"))
    }
}
