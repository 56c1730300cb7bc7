import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeKubelet

struct VariableExpansionTests {
    @Test(arguments: [
        ("plain", "plain"), ("$(A)", "1"), ("x$(A)y$(B)z", "x1y2z"), ("$$(A)", "$(A)"),
        ("$(MISSING)", "$(MISSING)"),
        ("$(A", "$(A"), ("$A", "$A"), ("$", "$"), ("$$", "$"), ("$()", "$()"), ("$($(A))", "$($(A))"),
        ("100%$", "100%$"),
    ])
    func expands(_ text: String, _ expected: String) {
        #expect(VariableExpansion.expand(text, ["A": "1", "B": "2"]) == expected)
    }

    @Test func strictly() throws {
        #expect(try VariableExpansion.expandStrictly("a/$(A)", ["A": "1"]) == "a/1")
        #expect(throws: KubeletError.self) { try VariableExpansion.expandStrictly("$(NONE)", [:]) }
        #expect(try VariableExpansion.expandStrictly("$$(NONE)", [:]) == "$(NONE)")
    }
}

struct EnvironmentBuilderTests {
    private func build(_ container: String, services: [(name: String, value: String)] = []) throws -> [String]
    {
        let pod = try makePod(#"{"serviceAccountName":"sa","containers":[\#(container)]}"#)
        var objects = ReferencedObjects()
        var map = ConfigMap(namespace: "default", name: "cfg")
        map.data = ["color": "red", "bad=key": "x"]
        objects.configMaps["cfg"] = map
        var secret = Secret(namespace: "default", name: "sec")
        secret.data = ["password": Base64.encode(Array("geheim".utf8))]
        objects.secrets["sec"] = secret
        var builder = EnvironmentBuilder(
            container: pod.spec.containers[0], objects: objects,
            fields: FieldResolver(
                pod: pod, addresses: [.v4(IPv4Address(10, 42, 0, 9))],
                hostAddresses: [.v4(IPv4Address(192, 168, 1, 5))], allocatable: ["memory": Quantity(1 << 30)]),
            services: services)
        return try builder.build().map { "\($0.name)=\($0.value)" }
    }

    @Test func plainAndReferences() throws {
        let result = try build(
            """
            {"name":"c","image":"i","env":[{"name":"A","value":"1"},{"name":"B","value":"$(A)-$(HOST)"},
            {"name":"C","valueFrom":{"configMapKeyRef":{"name":"cfg","key":"color"}}},
            {"name":"D","valueFrom":{"secretKeyRef":{"name":"sec","key":"password"}}},
            {"name":"E","valueFrom":{"configMapKeyRef":{"name":"none","key":"x","optional":true}}},
            {"name":"F","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
            {"name":"G","valueFrom":{"fieldRef":{"fieldPath":"spec.serviceAccountName"}}}]}
            """, services: [("HOST", "h"), ("A", "hidden")])
        #expect(result == ["A=1", "B=1-h", "C=red", "D=geheim", "F=10.42.0.9", "G=sa", "HOST=h"])
    }

    @Test func wholeMaps() throws {
        let result = try build(
            """
            {"name":"c","image":"i","envFrom":[{"prefix":"P_","configMapRef":{"name":"cfg"}},{"secretRef":{"name":"sec"}},
            {"configMapRef":{"name":"none","optional":true}}],"env":[{"name":"P_color","value":"blue"}]}
            """)
        #expect(result == ["P_color=blue", "password=geheim"])
    }

    @Test func resources() throws {
        let result = try build(
            """
            {"name":"c","image":"i","resources":{"limits":{"cpu":"1500m"},"requests":{"cpu":"250m"}},"env":[
            {"name":"A","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}},
            {"name":"B","valueFrom":{"resourceFieldRef":{"resource":"requests.cpu","divisor":"1m"}}},
            {"name":"C","valueFrom":{"resourceFieldRef":{"resource":"limits.memory","divisor":"1Mi"}}}]}
            """)
        #expect(result == ["A=2", "B=250", "C=1024"])
    }

    @Test(arguments: [
        (#"{"configMapKeyRef":{"name":"none","key":"x"}}"#, "configmap \"none\" not found"),
        (#"{"configMapKeyRef":{"name":"cfg","key":"x"}}"#, "couldn't find key x in ConfigMap default/cfg"),
        (#"{"secretKeyRef":{"name":"none","key":"x"}}"#, "secret \"none\" not found"),
        (#"{"fieldRef":{"fieldPath":"spec.bogus"}}"#, "unsupported fieldPath: spec.bogus"),
    ])
    func failures(_ source: String, _ message: String) {
        #expect(throws: KubeletError(message)) {
            try build(#"{"name":"c","image":"i","env":[{"name":"A","valueFrom":\#(source)}]}"#)
        }
    }

    @Test func labelsOfThePod() throws {
        var pod = try makePod(#"{"containers":[]}"#)
        pod.labels = ["b": "2", "a": "1\"x"]
        let fields = FieldResolver(pod: pod)
        #expect(try fields.value("metadata.labels") == "a=\"1\\\"x\"\nb=\"2\"")
        #expect(try fields.value("metadata.labels['b']") == "2")
        #expect(try fields.value("metadata.labels['none']") == "")
    }
}

struct ServiceEnvironmentTests {
    private func service(_ namespace: String, _ name: String, _ address: String, _ ports: String) throws
        -> Service
    {
        let text = """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"\(name)","namespace":"\(namespace)"},
            "spec":{"clusterIP":"\(address)","ports":\(ports)}}
            """
        return Service(APIObject(try JSONValue(parsing: text).object ?? JSONObject()))
    }

    @Test func asDockerLinksHadThem() throws {
        let services = [
            try service("default", "kubernetes", "10.43.0.1", #"[{"name":"https","port":443}]"#),
            try service("shop", "my-db", "10.43.0.7", #"[{"port":5432,"protocol":"TCP"}]"#),
            try service("shop", "headless", "None", #"[{"port":1}]"#),
            try service("other", "db", "10.43.0.8", #"[{"port":1}]"#),
        ]
        let all = ServiceEnvironment.variables(services, namespace: "shop", links: true, master: "default")
            .map { "\($0.name)=\($0.value)" }
        #expect(all.contains("KUBERNETES_SERVICE_HOST=10.43.0.1"))
        #expect(all.contains("KUBERNETES_SERVICE_PORT_HTTPS=443"))
        #expect(all.contains("KUBERNETES_PORT=tcp://10.43.0.1:443"))
        #expect(all.contains("KUBERNETES_PORT_443_TCP_ADDR=10.43.0.1"))
        #expect(all.contains("MY_DB_SERVICE_HOST=10.43.0.7"))
        #expect(all.contains("MY_DB_PORT_5432_TCP_PROTO=tcp"))
        #expect(!all.contains { $0.hasPrefix("DB_") || $0.hasPrefix("HEADLESS") })
        let few = ServiceEnvironment.variables(services, namespace: "shop", links: false, master: "default")
        #expect(few.allSatisfy { $0.name.hasPrefix("KUBERNETES") })
    }
}

struct ResolverConfigurationTests {
    private static let host = ResolverConfiguration(
        parsing: "# x\nnameserver 1.1.1.1\nsearch lan.\noptions timeout:2\n")

    @Test(arguments: [
        (
            #"{"containers":[]}"#,
            "search default.svc.cluster.local svc.cluster.local cluster.local lan\nnameserver 10.43.0.10\noptions ndots:5\n"
        ),
        (#"{"hostNetwork":true,"containers":[]}"#, "search lan\nnameserver 1.1.1.1\noptions timeout:2\n"),
        (
            #"{"hostNetwork":true,"dnsPolicy":"ClusterFirstWithHostNet","containers":[]}"#,
            "search default.svc.cluster.local svc.cluster.local cluster.local lan\nnameserver 10.43.0.10\noptions ndots:5\n"
        ),
        (#"{"dnsPolicy":"Default","containers":[]}"#, "search lan\nnameserver 1.1.1.1\noptions timeout:2\n"),
        (
            #"{"dnsPolicy":"None","dnsConfig":{"nameservers":["9.9.9.9"],"searches":["x.y"],"options":[{"name":"ndots","value":"2"},{"name":"edns0"}]},"containers":[]}"#,
            "search x.y\nnameserver 9.9.9.9\noptions ndots:2 edns0\n"
        ),
        (
            #"{"dnsConfig":{"options":[{"name":"ndots","value":"1"}]},"containers":[]}"#,
            "search default.svc.cluster.local svc.cluster.local cluster.local lan\nnameserver 10.43.0.10\noptions ndots:1\n"
        ),
    ])
    func policies(_ spec: String, _ expected: String) throws {
        let result = ResolverConfiguration.forPod(
            try makePod(spec), host: Self.host, dns: .v4(IPv4Address(10, 43, 0, 10)), domain: "cluster.local")
        #expect(result.text == expected)
    }
}

struct HostsFileTests {
    @Test func kubeletsFormat() throws {
        let pod = try makePod(
            #"{"subdomain":"sub","hostAliases":[{"ip":"1.2.3.4","hostnames":["a","b"]}],"containers":[]}"#)
        let names = try PodHostname(pod, nodeHostname: "pi", clusterDomain: "cluster.local")
        let text = HostsFile.text(
            addresses: [.v4(IPv4Address(10, 42, 0, 9))], hostname: names.shortName, domain: names.domain,
            aliases: pod.spec.hostAliases)
        #expect(text.hasPrefix("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n"))
        #expect(text.contains("\n10.42.0.9\tweb.sub.default.svc.cluster.local\tweb\n"))
        #expect(text.hasSuffix("\n# Entries added by HostAliases.\n1.2.3.4\ta\tb\n"))
    }

    @Test(arguments: [
        (#"{"containers":[]}"#, "web"), (#"{"hostname":"own","containers":[]}"#, "own"),
        (#"{"hostNetwork":true,"containers":[]}"#, "pi"),
        (
            #"{"subdomain":"s","setHostnameAsFQDN":true,"containers":[]}"#, "web.s.default.svc.cluster.local"
        ),
    ])
    func hostnames(_ spec: String, _ expected: String) throws {
        let names = try PodHostname(try makePod(spec), nodeHostname: "pi", clusterDomain: "cluster.local")
        #expect(names.hostname == expected)
    }
}
