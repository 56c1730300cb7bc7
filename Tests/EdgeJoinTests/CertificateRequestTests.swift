import EdgeBase
import EdgeJSON
import EdgeTransport
import Testing

@testable import EdgeJoin

@Suite struct CertificateRequestTests {
    @Test func asksForTheNodesOwnIdentity() throws {
        let wish = CertificateWish.kubelet("a")
        #expect(
            wish.specification(request: "PEM") == [
                "request": "UEVN", "signerName": "kubernetes.io/kube-apiserver-client-kubelet",
                "usages": ["digital signature", "client auth"],
            ])
        #expect(wish.commonName == "system:node:a")
        #expect(wish.organization == "system:nodes")
    }

    @Test func asksForAServingCertificateWithNameAndAddresses() throws {
        let address = try #require(IPAddress("192.0.2.7"))
        let wish = CertificateWish.serving("a", addresses: [address])
        #expect(wish.signer == "kubernetes.io/kubelet-serving")
        #expect(wish.dnsNames == ["a"])
        #expect(wish.addresses == [address])
        #expect(wish.usage == "server auth")
    }

    @Test func asksForTheNetworksIdentity() {
        let wish = CertificateWish.network("a")
        #expect(wish.commonName == "system:edge-network:a")
        #expect(wish.organization == "system:edge-network")
        #expect(wish.signer == "edge.io/node-network-client")
    }

    private func request(_ status: String) -> EncodedObject {
        EncodedObject(
            key: ObjectKey(resource: "certificatesigningrequests.certificates.k8s.io", name: "csr-1"),
            revision: 1,
            bytes: Array("{\"metadata\":{\"name\":\"csr-1\"},\"status\":\(status)}".utf8))
    }

    @Test func waitsUntilARequestIsSigned() throws {
        #expect(try CertificateRequester.outcome(request("{}")) == nil)
        #expect(
            try CertificateRequester.outcome(
                request("{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\"}]}")) == nil)
        #expect(try CertificateRequester.outcome(request("{\"certificate\":\"UEVN\"}")) == "PEM")
    }

    @Test(arguments: ["Denied", "Failed"])
    func endsWithARefusal(_ type: String) {
        let failure = #expect(throws: JoinFailure.self) {
            _ = try CertificateRequester.outcome(
                request("{\"conditions\":[{\"type\":\"\(type)\",\"status\":\"True\",\"message\":\"no\"}]}"))
        }
        #expect(failure == .permanent("the cluster refuses the certificate csr-1: no"))
    }
}
