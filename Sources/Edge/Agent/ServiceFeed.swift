internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeProxy

/// Brings Services, EndpointSlices and the host ports of this node's pods to the proxy.
struct ServiceFeed: Sendable {
    let proxy: ServiceProxy
    /// Where every node answers itself: the Service with this address is no business of the proxy.
    private let clusterDNS: IPAddress?
    private let services: Informer
    private let slices: Informer
    private let pods: Informer

    init(proxy: ServiceProxy, informers: InformerSet, pods: Informer, clusterDNS: IPAddress?) {
        self.proxy = proxy
        self.clusterDNS = clusterDNS
        services = informers.informer("services")
        slices = informers.informer("endpointslices.discovery.k8s.io")
        self.pods = pods
    }

    /// What a handler hands over to the proxy's own executor, in order.
    private enum Change: Sendable {
        case service(ObjectKey, APIObject?)
        case slice(ObjectKey, APIObject?)
        case pod(String, [HostPortEntry])
    }

    /// Feeds until the task is cancelled. Changes wait in memory only as long as the proxy takes to note them:
    /// they are the objects themselves, which the informers hold anyway.
    func run() async {
        let (changes, continuation) = AsyncStream.makeStream(
            of: Change.self, bufferingPolicy: .bufferingNewest(65536))
        services.addHandler { batch in
            for change in batch { continuation.yield(.service(change.object.key, Self.object(change))) }
        }
        slices.addHandler { batch in
            for change in batch { continuation.yield(.slice(change.object.key, Self.object(change))) }
        }
        pods.addHandler { batch in
            for change in batch {
                guard let pod = try? Pod(decoding: change.object) else { continue }
                let isGone = change.kind == .deleted || pod.isTerminal
                continuation.yield(.pod(pod.uid, isGone ? [] : Self.hostPorts(of: pod)))
            }
        }
        async let started: Void = startWhenSynced()
        for await change in changes { await apply(change) }
        await started
    }

    private func startWhenSynced() async {
        guard (try? await services.waitUntilSynced()) != nil, (try? await slices.waitUntilSynced()) != nil
        else { return }
        await proxy.start()
    }

    private func apply(_ change: Change) async {
        switch change {
        case .service(let key, let object):
            let isDNS =
                clusterDNS != nil && object?[path: "spec", "clusterIP"]?.string == clusterDNS?.description
            await proxy.setService(
                ServiceName(namespace: key.namespace, name: key.name), isDNS ? nil : object?.value)
        case .slice(let key, let object):
            await proxy.setEndpointSlice(namespace: key.namespace, name: key.name, object?.value)
        case .pod(let uid, let entries): await proxy.setHostPorts(ofPod: uid, entries)
        }
    }

    private static func object(_ change: ObjectChange) -> APIObject? {
        change.kind == .deleted ? nil : try? APIObject(decoding: change.object)
    }

    private static func hostPorts(of pod: Pod) -> [HostPortEntry] {
        guard !pod.spec.hostNetwork, let address = pod.addresses.compactMap({ IPAddress($0) }).first else {
            return []
        }
        return pod.spec.containers.flatMap(\.ports).filter { $0.hostPort > 0 }.compactMap { port in
            guard let transport = TransportProtocol(name: port.protocol),
                let hostPort = UInt16(exactly: port.hostPort),
                let podPort = UInt16(exactly: port.containerPort)
            else { return nil }
            return HostPortEntry(
                hostIP: port.hostIP.isEmpty ? nil : IPAddress(port.hostIP), hostPort: hostPort,
                transport: transport,
                podIP: address, podPort: podPort)
        }
    }
}
