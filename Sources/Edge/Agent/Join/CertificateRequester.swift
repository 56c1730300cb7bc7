internal import EdgeAPI
internal import EdgeBase
public import EdgeClient
internal import EdgeJSON
public import EdgeTransport
internal import Logging

/// Asks the cluster for certificates, by CertificateSigningRequests. The keys do not leave the host.
public struct CertificateRequester: Sendable {
    private let client: HTTPAPIClient
    private let logger = Logger(label: "edge.join")

    public init(_ client: HTTPAPIClient) {
        self.client = client
    }

    /// Makes a key and a request for it, and waits until it is signed, for as long as it takes: where the cluster
    /// does not approve it by itself, an administrator will. Throws `JoinFailure` when it is denied, and what the
    /// API answers.
    public func request(_ wish: CertificateWish) async throws -> KeyPair {
        let (request, key) = try SigningRequest.make(
            commonName: wish.commonName, organizations: [wish.organization], dnsNames: wish.dnsNames,
            addresses: wish.addresses)
        var object = APIObject(
            apiVersion: "certificates.k8s.io/v1", kind: CertificateSigningRequest.kind, name: "")
        object.metadata = ["generateName": "csr-"]
        object["spec"] = wish.specification(request: request)
        let created = try await client.create(CertificateSigningRequest.resource, object)
        return KeyPair(certificate: try await certificate(of: created), privateKey: key)
    }

    private func certificate(of created: EncodedObject) async throws -> String {
        let notice = Task {
            try await Task.sleep(for: .seconds(15))
            logger.notice(
                "the certificate request waits for approval: kubectl certificate approve",
                metadata: ["request": "\(created.key.name)"])
        }
        defer { notice.cancel() }
        var present = created
        while true {
            if let certificate = try Self.outcome(present) { return certificate }
            let end = try await follow(present)
            if let certificate = try Self.outcome(end) { return certificate }
            // The watch has ended without news, as watches do after some minutes.
            present = try await client.get(created.key)
        }
    }

    /// The newest version of a request once something has become of it, or the one given when the watch ends.
    private func follow(_ request: EncodedObject) async throws -> EncodedObject {
        let source = HTTPObjectSource(client)
        let scope = WatchScope(request.key.resource, fieldSelector: "metadata.name=\(request.key.name)")
        let (versions, version) = AsyncStream.makeStream(
            of: EncodedObject.self, bufferingPolicy: .bufferingNewest(1))
        return try await withThrowingTaskGroup(of: EncodedObject?.self) { group in
            group.addTask {
                defer { version.finish() }
                try await source.watch(scope, after: request.revision) { batch in
                    for change in batch.changes { version.yield(change.object) }
                }
                return nil
            }
            group.addTask {
                for await version in versions {
                    if (try? Self.outcome(version)) != .some(nil) { return version }
                }
                return nil
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                if let end { return end }
            }
            return request
        }
    }

    /// The certificate of a request; nil while nothing has been decided.
    static func outcome(_ object: EncodedObject) throws -> String? {
        let request = try CertificateSigningRequest(decoding: object)
        for condition in request.status.conditions where ["Denied", "Failed"].contains(condition.type) {
            throw JoinFailure.permanent(
                "the cluster refuses the certificate \(object.key.name): \(condition.message)")
        }
        let text = request.status.certificate
        guard !text.isEmpty else { return nil }
        guard let bytes = Base64.decode(text) else {
            throw JoinFailure.temporary("the certificate of \(object.key.name) is not base64")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
