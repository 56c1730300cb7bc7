import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct AggregationTests {
    private static let now = Timestamp(seconds: 1_000_000)

    @Test func theUserTravelsInFields() {
        let user = UserInfo(
            name: "u", uid: "7", groups: ["a", "b"], extra: ["Example.com/K y": ["v", "w"]])
        #expect(
            user.forwardedFields.fields.map { "\($0.name): \($0.value)" } == [
                "X-Remote-User: u", "X-Remote-Uid: 7", "X-Remote-Group: a", "X-Remote-Group: b",
                "X-Remote-Extra-example.com%2Fk%20y: v", "X-Remote-Extra-example.com%2Fk%20y: w",
            ])
    }

    @Test func conditionsChangeOnlyWhenSomethingDoes() {
        let first = Availability.missing("ServiceNotFound", "x").applied(to: [], now: Self.now)
        #expect(first?.first?["lastTransitionTime"]?.string == Self.now.rfc3339)
        let later = Self.now + .seconds(60)
        let second = Availability.missing("MissingEndpoints", "y").applied(to: first ?? [], now: later)
        #expect(second?.first?["reason"] == "MissingEndpoints")
        #expect(second?.first?["lastTransitionTime"]?.string == Self.now.rfc3339)
        #expect(Availability.missing("MissingEndpoints", "y").applied(to: second ?? [], now: later) == nil)
        let third = Availability.passed.applied(to: second ?? [], now: later)
        #expect(third?.first?["lastTransitionTime"]?.string == later.rfc3339)
    }

    @Test func aPlainListBecomesAggregatedDiscovery() {
        let resources = AggregatedDiscovery.resources([
            "groupVersion": "g/v1",
            "resources": [
                [
                    "name": "things", "singularName": "thing", "namespaced": true, "kind": "Thing",
                    "verbs": ["get"],
                ],
                [
                    "name": "things/scale", "group": "autoscaling", "version": "v1", "kind": "Scale",
                    "verbs": ["update"],
                ],
            ],
        ])
        #expect(
            resources == [
                [
                    "resource": "things", "responseKind": ["group": "g", "version": "v1", "kind": "Thing"],
                    "scope": "Namespaced", "singularResource": "thing", "verbs": ["get"],
                    "subresources": [
                        [
                            "subresource": "scale",
                            "responseKind": ["group": "autoscaling", "version": "v1", "kind": "Scale"],
                            "verbs": ["update"],
                        ]
                    ],
                ]
            ])
    }

    @Test func discoveryShowsWhatOthersServe() throws {
        let other = AggregatedDiscovery(
            group: "g", version: "v1", resources: [["resource": "x"]], isCurrent: false)
        let documents = DiscoveryDocuments(ServedResources.all, [other])
        let group = try #require(documents.groupDocument("g"))
        #expect(group["versions"]?.array?.first?["groupVersion"] == "g/v1")
        let item = documents.aggregated(core: false, version: "v2")["items"]?.array?
            .first { $0["metadata"]?["name"] == "g" }
        #expect(item?["versions"]?.array?.first?["freshness"] == "Stale")
        #expect(item?["versions"]?.array?.first?["resources"] == [["resource": "x"]])
    }

    @Test func onlyServicesOfOthersAreHandedOn() {
        var object = APIObject(apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", name: "v1.g")
        object["spec"] = ["group": "g", "version": "v1"]
        #expect(AggregatedService(object) == nil)
        object[path: "spec", "service"] = ["name": "s", "namespace": "n", "port": 8443]
        let service = AggregatedService(object)
        #expect(service?.url("/x").description == "https://s.n.svc:8443/x")
        #expect(service?.isAvailable == false)
        #expect(service?.destination.showsIdentity == true)
    }
}
