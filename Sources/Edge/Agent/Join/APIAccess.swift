internal import EdgeClient
internal import EdgeTransport
internal import NIOCore

/// How a node speaks with the API: the times that it waits, and the resources that it knows without asking.
enum APIAccess {
    static func transport(
        _ server: HTTPURL, authority: String, identity: KeyPair?, group: any EventLoopGroup
    ) throws -> HTTPTransport {
        var config = RESTConfig(server: "https://\(server.authority)")
        config.certificateAuthority = Array(authority.utf8)
        config.clientCertificate = identity.map { Array($0.certificate.utf8) }
        config.clientKey = identity.map { Array($0.privateKey.utf8) }
        // A node renews its lease by these: what gets no answer is given up in time to try again.
        config.connectTimeout = .seconds(5)
        config.requestTimeout = .seconds(10)
        return try HTTPTransport(config, group: group)
    }

    static func client(
        _ server: HTTPURL, authority: String, identity: KeyPair? = nil, bearer: String? = nil,
        group: any EventLoopGroup
    ) throws -> HTTPAPIClient {
        let transport = try transport(server, authority: authority, identity: identity, group: group)
        let fields = bearer.map { [RESTRequest.Field("Authorization", "Bearer \($0)")] } ?? []
        return client(RESTClient(transport: transport, headers: fields))
    }

    static func client(_ rest: RESTClient) -> HTTPAPIClient {
        HTTPAPIClient(rest, mapper: ResourceMapper(resources: resources))
    }

    /// All that a node reads or writes. With these known, it need not ask for the server's whole discovery.
    private static let resources =
        [
            core("nodes", "Node", isNamespaced: false), core("namespaces", "Namespace", isNamespaced: false),
            core("persistentvolumes", "PersistentVolume", isNamespaced: false), core("pods", "Pod"),
            core("services", "Service"), core("endpoints", "Endpoints"), core("secrets", "Secret"),
            core("configmaps", "ConfigMap"), core("events", "Event"),
            core("serviceaccounts", "ServiceAccount"),
            core("persistentvolumeclaims", "PersistentVolumeClaim"),
        ] + [
            APIResource(
                group: "discovery.k8s.io", version: "v1", name: "endpointslices", kind: "EndpointSlice",
                isNamespaced: true),
            APIResource(
                group: "coordination.k8s.io", version: "v1", name: "leases", kind: "Lease",
                isNamespaced: true),
            APIResource(
                group: "networking.k8s.io", version: "v1", name: "networkpolicies", kind: "NetworkPolicy",
                isNamespaced: true),
            APIResource(
                group: "node.k8s.io", version: "v1", name: "runtimeclasses", kind: "RuntimeClass",
                isNamespaced: false),
            APIResource(
                group: "certificates.k8s.io", version: "v1", name: "certificatesigningrequests",
                kind: "CertificateSigningRequest", isNamespaced: false),
        ]

    private static func core(_ name: String, _ kind: String, isNamespaced: Bool = true) -> APIResource {
        APIResource(group: "", version: "v1", name: name, kind: kind, isNamespaced: isNamespaced)
    }
}
