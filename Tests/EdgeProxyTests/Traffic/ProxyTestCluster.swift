import EdgeBase
import EdgeJSON
import EdgeNetlink
import EdgePodNetwork
import EdgeProxy
import NetTestSupport

/// Two nodes with their pod networks and proxies, and a client outside, each in a network namespace.
///
///     outside 172.16.0.9 -- 172.16.0.1 a 192.168.7.1 -- 192.168.7.2 b
final class ProxyTestCluster: Sendable {
    let a: Node
    let b: Node
    let outside: TestNamespace

    final class Node: Sendable {
        let host: TestNamespace
        let network: PodNetwork
        let proxy: ServiceProxy

        init(_ name: String, _ cidr: String, _ address: String, _ host: TestNamespace) throws {
            self.host = host
            guard let pods = CIDR(cidr), let cluster = CIDR("10.42.0.0/16"),
                let services = CIDR("10.43.0.0/16")
            else { throw ToolFailure(command: "parse", status: 0, output: cidr) }
            network = try PodNetwork(
                PodNetworkConfiguration(
                    nodeName: name, podCIDR: pods, clusterCIDR: cluster, serviceCIDR: services,
                    nodeAddress: IPAddress(address), namespace: host.namespace))
            proxy = try ServiceProxy(
                ProxyConfiguration(
                    nodeName: name, clusterCIDR: cluster, serviceCIDR: services, namespace: host.namespace))
        }

        func pod(_ id: String) async throws -> Pod {
            let namespace = try TestNamespace()
            let attachment = try await network.attach(id, to: namespace.namespace)
            return Pod(namespace: namespace, address: attachment.address.description)
        }
    }

    struct Pod: Sendable {
        let namespace: TestNamespace
        let address: String
    }

    init() async throws {
        let (first, second) = (try TestNamespace(), try TestNamespace())
        outside = try TestNamespace()
        try first.connect("eth1", "192.168.7.1/24", to: second, "eth1", "192.168.7.2/24")
        try first.connect("eth0", "172.16.0.1/24", to: outside, "eth0", "172.16.0.9/24")
        a = try Node("a", "10.42.0.0/24", "192.168.7.1", first)
        b = try Node("b", "10.42.1.0/24", "192.168.7.2", second)
        let peers = [("a", "10.42.0.0/24", "192.168.7.1"), ("b", "10.42.1.0/24", "192.168.7.2")]
            .compactMap { name, cidr, address in
                CIDR(cidr).flatMap { pods in
                    IPAddress(address).map { PeerNode(name: name, podCIDR: pods, address: $0) }
                }
            }
        for node in [a, b] {
            try await node.network.ensure()
            try await node.network.updatePeers(peers)
            await node.proxy.start()
            try await node.proxy.sync()
        }
    }

    /// A Service `web` at 10.43.0.1:80, with endpoints given as (address, node).
    func service(
        transport: String = "TCP", _ endpoints: [(address: String, node: String)], _ spec: JSONValue = [:]
    ) async throws {
        var service: JSONValue = [
            "metadata": ["name": "web", "namespace": "default"],
            "spec": [
                "type": "NodePort", "clusterIP": "10.43.0.1",
                "ports": [["port": 80, "protocol": .string(transport), "nodePort": 30080]],
            ],
        ]
        for member in spec.object ?? JSONObject() { service["spec"]?[member.key] = member.value }
        let slice: JSONValue = [
            "metadata": ["namespace": "default", "labels": ["kubernetes.io/service-name": "web"]],
            "addressType": "IPv4", "ports": [["port": 8080, "protocol": .string(transport)]],
            "endpoints": .array(
                endpoints.map { ["addresses": [.string($0.address)], "nodeName": .string($0.node)] }),
        ]
        for node in [a, b] {
            await node.proxy.setService(ServiceName(namespace: "default", name: "web"), service)
            await node.proxy.setEndpointSlice(namespace: "default", name: "web-1", slice)
            try await node.proxy.sync()
        }
    }
}

extension TestNamespace {
    /// A server on port 8080 that answers with a name and with the address that it sees; ready on return.
    func server(_ name: String, port: Int = 8080, transport: String = "TCP") throws -> BackgroundTool {
        let udp = transport == "UDP"
        // A datagram has to be read first: a broken pipe would keep the answer back.
        let answer = (udp ? "read line; " : "") + "echo \(name) $SOCAT_PEERADDR"
        let tool = try background("socat \(transport)-LISTEN:\(port),fork,reuseaddr SYSTEM:'\(answer)'")
        try shell(
            """
            n=0; until ss -\(udp ? "u" : "t")lnH | grep -q ':\(port) '; do
            n=$((n + 1)); [ $n -lt 2000 ] || exit 1; done
            """)
        return tool
    }

    /// What a server answers, such as `web 10.42.0.3`, or the error.
    func ask(_ target: String) throws -> String {
        let (status, output) = try attempt("socat -T 3 -u TCP:\(target),connect-timeout=3 - 2>&1")
        if output.contains("refused") { return "refused" }
        return status == 0 ? String(output.prefix { $0 != "\n" }) : "failed"
    }

    /// The distinct answers to several questions.
    func askRepeatedly(_ target: String, times: Int = 20) throws -> Set<String> {
        Set(try (0..<times).map { _ in try ask(target) })
    }

    /// A datagram from a fixed port, so that all of them are one connection.
    func askByDatagram(_ target: String) throws -> String {
        let (_, output) = try attempt(
            """
            perl -MIO::Socket::INET -e '
              $socket = IO::Socket::INET->new(Proto => "udp", LocalPort => 4000, PeerAddr => "\(target)");
              alarm 10; $socket->send("hello\\n"); $socket->recv($answer, 99); print $answer' 2>&1
            """)
        return String(output.prefix { $0 != "\n" })
    }
}
