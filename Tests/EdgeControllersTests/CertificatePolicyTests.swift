import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeControllers

@Suite struct CertificatePolicyTests {
    private static let joiner = (user: "system:bootstrap:edge", groups: ["system:bootstrappers"])
    private static let client = ["client auth", "digital signature"]

    private static func judge(
        _ wanted: RequestedCertificate, by: (user: String, groups: [String]), usages: [String],
        signer: KubernetesSigner
    ) -> CertificatePolicy.Verdict {
        var request = CertificateSigningRequest(name: "csr")
        request.object["spec"] = [
            "username": .string(by.user), "groups": .array(by.groups.map(JSONValue.string)),
            "usages": .array(usages.map(JSONValue.string)),
        ]
        return CertificatePolicy.judge(request, wanted, signer: signer)
    }

    private static func isApproved(_ verdict: CertificatePolicy.Verdict) -> Bool {
        if case .approve = verdict { true } else { false }
    }

    @Test func aJoinerGetsANodesIdentity() {
        let wanted = RequestedCertificate(commonName: "system:node:pi", organizations: ["system:nodes"])
        #expect(
            Self.isApproved(Self.judge(wanted, by: Self.joiner, usages: Self.client, signer: .kubeletClient)))
    }

    @Test func nobodyBecomesAdministrator() {
        let wanted = RequestedCertificate(commonName: "system:node:pi", organizations: ["system:masters"])
        #expect(
            !Self.isApproved(Self.judge(wanted, by: Self.joiner, usages: Self.client, signer: .kubeletClient))
        )
        let other = RequestedCertificate(commonName: "admin", organizations: ["system:nodes"])
        #expect(
            !Self.isApproved(Self.judge(other, by: Self.joiner, usages: Self.client, signer: .kubeletClient)))
        #expect(Self.judge(other, by: Self.joiner, usages: Self.client, signer: .client) == .wait)
    }

    @Test func aNodeServesUnderItsOwnNameOnly() {
        let wanted = RequestedCertificate(
            commonName: "system:node:pi", organizations: ["system:nodes"], dnsNames: ["pi"],
            addresses: ["192.0.2.1"])
        let own = (user: "system:node:pi", groups: ["system:nodes"])
        let other = (user: "system:node:other", groups: ["system:nodes"])
        #expect(
            Self.isApproved(Self.judge(wanted, by: own, usages: ["server auth"], signer: .kubeletServing)))
        #expect(
            !Self.isApproved(Self.judge(wanted, by: other, usages: ["server auth"], signer: .kubeletServing)))
        #expect(!Self.isApproved(Self.judge(wanted, by: own, usages: Self.client, signer: .kubeletServing)))
    }

    @Test func aNodeDoesNotAskForAnother() {
        let wanted = RequestedCertificate(commonName: "system:node:other", organizations: ["system:nodes"])
        let own = (user: "system:node:pi", groups: ["system:nodes"])
        #expect(Self.judge(wanted, by: own, usages: Self.client, signer: .kubeletClient) == .wait)
    }
}
