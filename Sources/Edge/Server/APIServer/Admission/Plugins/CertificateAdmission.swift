internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport

/// Who approves or signs a certificate request must be allowed to do so for its signer; and nobody gets a
/// client certificate for the group that may do everything.
struct CertificateAdmission: AdmissionPlugin {
    private static let clientSigner = "kubernetes.io/kube-apiserver-client"

    let name = "CertificateApproval"
    let authorizer: any Authorizer

    func validate(_ request: AdmissionRequest) throws {
        guard request.resource.storageName == CertificateSigningRequest.resource else { return }
        switch (request.operation, request.subresource) {
        case (.create, ""): try checkSubject(request)
        case (.update, "approval"): try check(request, verb: "approve", doing: "approving")
        case (.update, "status"):
            let new = request.object
            guard
                new?[path: "status", "certificate"] != request.old?[path: "status", "certificate"]
                    || new?[path: "status", "conditions"] != request.old?[path: "status", "conditions"]
            else { return }
            try check(request, verb: "sign", doing: "signing")
        default: break
        }
    }

    private func check(_ request: AdmissionRequest, verb: String, doing: String) throws {
        let signer = request.old?[path: "spec", "signerName"].text ?? ""
        let domain = signer.split(separator: "/").first.map { "\($0)/*" } ?? ""
        let isAllowed = [signer, domain].contains { name in
            authorizer.authorize(
                AccessRequest(
                    user: request.user, verb: verb,
                    target: .resource(
                        group: "certificates.k8s.io", resource: "signers", subresource: "", namespace: "",
                        name: name))
            ).isAllowed
        }
        guard isAllowed else {
            throw APIStatus.forbidden(
                request.resource.qualifiedName, request.name,
                "user not permitted to \(verb) requests with signerName \"\(signer)\"")
        }
    }

    private func checkSubject(_ request: AdmissionRequest) throws {
        guard let object = request.object, object[path: "spec", "signerName"].text == Self.clientSigner,
            let bytes = Base64.decode(object[path: "spec", "request"].text),
            let wanted = try? SigningRequest(pem: String(decoding: bytes, as: UTF8.self)),
            wanted.organizations.contains("system:masters")
        else { return }
        throw APIStatus.forbidden(
            request.resource.qualifiedName, object.name,
            "use of \(Self.clientSigner) signer with system:masters group is not allowed")
    }
}
