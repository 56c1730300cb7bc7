import EdgeAPI
import EdgeJSON
import Testing

struct ServiceValidationTests {
    private func service(_ spec: JSONValue) -> [String] { problems("", "Service", ["spec": spec]) }

    @Test(
        arguments: [
            (["ports": [["port": 80]]], []), ([:], ["spec.ports: Required value"]),
            (["clusterIP": "None"], []),
            (["type": "ExternalName", "externalName": "a.example.com."], []),
            (["type": "ExternalName"], ["spec.externalName: Required value"]),
            (
                ["type": "Odd", "ports": [["port": 80]]],
                [
                    "spec.type: Unsupported value: \"Odd\": supported values: \"ClusterIP\", \"ExternalName\", "
                        + "\"LoadBalancer\", \"NodePort\""
                ]
            ),
            (
                ["ports": [["port": 80], ["port": 80, "name": "b"]]],
                [
                    "spec.ports[0].name: Required value",
                    "spec.ports[1]: Duplicate value: {\"port\":80,\"protocol\":\"TCP\"}",
                ]
            ),
            (
                ["ports": [["port": 0, "targetPort": "web"]]],
                ["spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"]
            ),
            (
                ["ports": [["port": 80, "nodePort": 30000]]],
                ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]
            ),
            (
                [
                    "ports": [["port": 80]], "sessionAffinity": "ClientIP",
                    "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 0]],
                ],
                [
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 "
                        + "and less than 86400"
                ]
            ),
            (
                ["ports": [["port": 80]], "externalIPs": ["127.0.0.1"]],
                [
                    "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range "
                        + "(127.0.0.0/8, ::1/128)"
                ]
            ),
            (
                ["ports": [["port": 80]], "clusterIP": "x"],
                [
                    "spec.clusterIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or "
                        + "2001:db8::ffff)"
                ]
            ),
            (
                ["ports": [["port": 80]], "externalTrafficPolicy": "Local"],
                [
                    "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for "
                        + "externally-accessible services"
                ]
            ),
            (
                ["ports": [["port": 80]], "loadBalancerSourceRanges": ["10.0.0.1/8"]],
                [
                    "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
                    "spec.LoadBalancerSourceRanges[0]: Invalid value: \"10.0.0.1/8\": must not have bits set "
                        + "beyond the prefix length",
                ]
            ),
        ] as [(JSONValue, [String])])
    func create(_ spec: JSONValue, _ expected: [String]) { #expect(service(spec) == expected) }

    @Test func namesBeginWithALetter() {
        let found = problems("", "Service", ["metadata": ["name": "1a"], "spec": ["ports": [["port": 80]]]])
        #expect(found.count == 1 && found[0].contains("a DNS-1035 label must consist of"))
    }

    @Test func addressIsImmutable() {
        func spec(_ address: String) -> JSONValue {
            [
                "spec": [
                    "ports": [["port": 80]], "clusterIP": .string(address), "clusterIPs": [.string(address)],
                ]
            ]
        }
        #expect(updateProblems("", "Service", from: spec("10.43.0.1"), to: spec("10.43.0.1")) == [])
        #expect(
            updateProblems("", "Service", from: spec("10.43.0.1"), to: spec("10.43.0.2"))
                == ["spec.clusterIPs[0]: Invalid value: [\"10.43.0.2\"]: may not change once set"])
    }

    @Test func endpointSlices() {
        let found = problems(
            "discovery.k8s.io", "EndpointSlice",
            [
                "addressType": "IPv4",
                "endpoints": [["addresses": ["::1"]], ["addresses": []], ["addresses": ["10.0.0.1"]]],
                "ports": [["port": 80], ["port": 81]],
            ])
        #expect(
            found == [
                "endpoints[0].addresses[0]: Invalid value: \"::1\": must be an IPv4 address",
                "endpoints[1].addresses: Required value: must contain at least 1 address",
                "ports[1].name: Duplicate value: \"\"",
            ])
    }

    @Test func endpoints() {
        #expect(
            problems(
                "", "Endpoints", ["subsets": [["addresses": [["ip": "10.0.0.1"]], "ports": [["port": 1]]]]])
                == [])
        #expect(
            problems("", "Endpoints", ["subsets": [[:]]])
                == ["subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"])
    }

    @Test func ingresses() {
        let found = problems(
            "networking.k8s.io", "Ingress",
            [
                "spec": [
                    "rules": [
                        [
                            "host": "*.a.com",
                            "http": [
                                "paths": [
                                    [
                                        "path": "a", "pathType": "Prefix",
                                        "backend": ["service": ["name": "s", "port": ["number": 80]]],
                                    ]
                                ]
                            ],
                        ]
                    ]
                ]
            ])
        #expect(found == ["spec.rules[0].http.paths[0].path: Invalid value: \"a\": must be an absolute path"])
        #expect(problems("networking.k8s.io", "Ingress", ["spec": [:]]).count == 1)
    }

    @Test func networkPolicies() {
        let peer: JSONValue = ["ipBlock": ["cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]]]
        #expect(
            problems("networking.k8s.io", "NetworkPolicy", ["spec": ["ingress": [["from": [peer]]]]]) == [
                "spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: \"10.0.0.0/8\": must be a strict "
                    + "subset of `cidr`"
            ])
    }
}
