internal import EdgeAPI
public import EdgeBase
public import EdgeJSON

extension APIServer {
    /// The `kubernetes` Service and its endpoints in `default`: how pods reach this server. Called at start
    /// and when the address changes.
    public func publishService(addresses: [IPAddress], port: Int) async throws {
        var service = APIObject(apiVersion: "v1", kind: "Service", namespace: "default", name: "kubernetes")
        service.metadata["labels"] = ["component": "apiserver", "provider": "kubernetes"]
        service["spec"] = [
            "type": "ClusterIP", "sessionAffinity": "None",
            "clusterIP": .string(configuration.serviceCIDRs.first?.address(at: 1)?.description ?? ""),
            "ports": [["name": "https", "protocol": "TCP", "port": 443, "targetPort": .int(Int64(port))]],
        ]
        try await ensure("services", service)
        // An endpoint on loopback would lead every pod to itself: a host without another address has none.
        let addresses = addresses.filter { !$0.isLoopback }
        guard !addresses.isEmpty else { return }
        var endpoints = APIObject(
            apiVersion: "v1", kind: "Endpoints", namespace: "default", name: "kubernetes")
        endpoints.metadata["labels"] = ["endpointslice.kubernetes.io/skip-mirror": "true"]
        endpoints["subsets"] = [
            [
                "addresses": .array(addresses.map { ["ip": .string($0.description)] }),
                "ports": [["name": "https", "port": .int(Int64(port)), "protocol": "TCP"]],
            ]
        ]
        try await put("endpoints", endpoints)
        var slice = APIObject(
            apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace: "default", name: "kubernetes"
        )
        slice.metadata["labels"] = ["kubernetes.io/service-name": "kubernetes"]
        slice["addressType"] = addresses.first?.isIPv4 ?? true ? "IPv4" : "IPv6"
        slice["endpoints"] = [
            ["addresses": .array(addresses.map { .string($0.description) }), "conditions": ["ready": true]]
        ]
        slice["ports"] = [["name": "https", "port": .int(Int64(port)), "protocol": "TCP"]]
        try await put("endpointslices.discovery.k8s.io", slice)
    }

    /// The `kube-dns` Service in `kube-system`, by which programs find the cluster's DNS. It has no endpoints:
    /// every node answers at its address.
    public func publishDNS(address: IPAddress) async throws {
        var service = APIObject(apiVersion: "v1", kind: "Service", namespace: "kube-system", name: "kube-dns")
        service.metadata["labels"] = ["k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true"]
        service["spec"] = [
            "type": "ClusterIP", "sessionAffinity": "None", "clusterIP": .string(address.description),
            "ports": [
                ["name": "dns", "protocol": "UDP", "port": 53, "targetPort": 53],
                ["name": "dns-tcp", "protocol": "TCP", "port": 53, "targetPort": 53],
            ],
        ]
        try await ensure("services", service)
    }

    /// What nodes have to know of their cluster: `kube-system/edge-cluster`, which they may read.
    public static let clusterConfigMap = "edge-cluster"

    /// Publishes it. Called at start: the flags of this start count.
    public func publishCluster(_ data: JSONObject) async throws {
        var map = APIObject(
            apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: Self.clusterConfigMap)
        map["data"] = .object(data)
        try await put("configmaps", map)
    }
}
