import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeClient

@Suite struct ResourceMapperTests {
    private static let aggregatedCore =
        "{\"kind\":\"APIGroupDiscoveryList\",\"items\":[{\"metadata\":{},\"versions\":[{\"version\":\"v1\",\"resources\":[{\"resource\":\"pods\",\"responseKind\":{\"kind\":\"Pod\"},\"scope\":\"Namespaced\",\"singularResource\":\"pod\",\"verbs\":[\"get\",\"list\"],\"shortNames\":[\"po\"],\"categories\":[\"all\"],\"subresources\":[{\"subresource\":\"log\"}]},{\"resource\":\"events\",\"responseKind\":{\"kind\":\"Event\"},\"scope\":\"Namespaced\",\"singularResource\":\"event\",\"verbs\":[\"list\"],\"shortNames\":[\"ev\"]}]}]}]}"
    private static let aggregatedGroups =
        "{\"kind\":\"APIGroupDiscoveryList\",\"items\":[{\"metadata\":{\"name\":\"apps\"},\"versions\":[{\"version\":\"v1\",\"resources\":[{\"resource\":\"deployments\",\"responseKind\":{\"kind\":\"Deployment\"},\"scope\":\"Namespaced\",\"singularResource\":\"deployment\",\"verbs\":[\"list\"],\"shortNames\":[\"deploy\"],\"categories\":[\"all\"]}]},{\"version\":\"v1beta1\",\"resources\":[{\"resource\":\"deployments\",\"responseKind\":{\"kind\":\"Deployment\"},\"scope\":\"Namespaced\",\"singularResource\":\"deployment\",\"verbs\":[\"list\"]}]}]},{\"metadata\":{\"name\":\"events.k8s.io\"},\"versions\":[{\"version\":\"v1\",\"resources\":[{\"resource\":\"events\",\"responseKind\":{\"kind\":\"Event\"},\"scope\":\"Namespaced\",\"singularResource\":\"event\",\"verbs\":[\"list\"]}]}]}]}"

    @Test(arguments: [
        ("pods", "v1 pods"), ("pod", "v1 pods"), ("po", "v1 pods"), ("Pod", "v1 pods"),
        ("deploy", "apps/v1 deployments"),
        ("deployments.apps", "apps/v1 deployments"), ("deployments.v1beta1.apps", "apps/v1beta1 deployments"),
        ("deployment.v1.apps", "apps/v1 deployments"), ("events", "v1 events"),
        ("events.events.k8s.io", "events.k8s.io/v1 events"),
        ("events.events", "events.k8s.io/v1 events"), ("Deployment", "apps/v1 deployments"),
    ])
    func findsByAggregatedDiscovery(name: String, found: String) async throws {
        let transport = ScriptedTransport([
            .init(200, Self.aggregatedCore), .init(200, Self.aggregatedGroups),
        ])
        let mapper = ResourceMapper(RESTClient(transport: transport))
        let resource = try await mapper.resource(named: name)
        #expect("\(resource.apiVersion) \(resource.name)" == found)
        #expect(transport.requests.count == 2)
    }

    @Test func knowsCategoriesSubresourcesAndKinds() async throws {
        let transport = ScriptedTransport([
            .init(200, Self.aggregatedCore), .init(200, Self.aggregatedGroups),
        ])
        let mapper = ResourceMapper(RESTClient(transport: transport))
        #expect(
            try await mapper.resources(inCategory: "all")?.map(\.qualifiedName) == [
                "pods", "deployments.apps",
            ])
        #expect(try await mapper.resource(named: "pods").subresources == ["log"])
        #expect(
            try await mapper.resource(kind: "Deployment", apiVersion: "apps/v1beta1").version == "v1beta1")
    }

    @Test func unknownNamesAskAgain() async {
        let transport = ScriptedTransport([
            .init(200, Self.aggregatedCore), .init(200, Self.aggregatedGroups),
            .init(200, Self.aggregatedCore),
            .init(200, Self.aggregatedGroups),
        ])
        let mapper = ResourceMapper(RESTClient(transport: transport))
        let error = await #expect(throws: ResourceNotFound.self) {
            try await mapper.resource(named: "foos.bar")
        }
        #expect(error == ResourceNotFound(resource: "foos", group: "bar"))
        #expect(error?.description == "the server doesn't have a resource type \"foos\"")
        #expect(transport.requests.count == 4)
    }

    @Test func fallsBackToOneRequestForEachVersion() async throws {
        let transport = ScriptedTransport([
            .init(200, "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}"),
            .init(
                200,
                "{\"resources\":[{\"name\":\"pods\",\"singularName\":\"\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"list\"],\"shortNames\":[\"po\"]},{\"name\":\"pods/log\",\"kind\":\"Pod\"}]}"
            ),
            .init(
                200,
                "{\"kind\":\"APIGroupList\",\"groups\":[{\"name\":\"apps\",\"versions\":[{\"version\":\"v1beta1\"},{\"version\":\"v1\"}],\"preferredVersion\":{\"version\":\"v1\"}}]}"
            ),
            .init(
                200,
                "{\"resources\":[{\"name\":\"deployments\",\"namespaced\":true,\"kind\":\"Deployment\",\"verbs\":[\"list\"]}]}"
            ),
            .init(503, "down"),
        ])
        let answer = try await Discovery(RESTClient(transport: transport)).read()
        #expect(
            transport.requests.map(\.path) == [
                "/api", "/api/v1", "/apis", "/apis/apps/v1", "/apis/apps/v1beta1",
            ])
        #expect(
            answer.resources.map { "\($0.apiVersion) \($0.name) \($0.subresources)" } == [
                "v1 pods [\"log\"]", "apps/v1 deployments []",
            ])
        #expect(answer.failures.keys.sorted() == ["apps/v1beta1"])
    }
}
