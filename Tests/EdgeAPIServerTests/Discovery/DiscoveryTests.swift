import EdgeAPI
import EdgeJSON
import EdgeTransport
import Testing

@testable import EdgeAPIServer

struct DiscoveryTests {
    private static let v2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    private static let v2beta1 = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList"

    private let discovery = Discovery(resources: Schema.shared.resources, serverAddress: "10.0.0.1:6443")

    private func get(
        _ path: String, accept: String? = nil, ifNoneMatch: String? = nil
    ) throws -> HTTPServerResponse {
        let segments = path.split(separator: "/").map(String.init)
        return try #require(discovery.response(segments: segments, accept: accept, ifNoneMatch: ifNoneMatch))
    }

    private func document(_ path: String, accept: String? = nil) throws -> JSONValue {
        guard case .bytes(let bytes) = try get(path, accept: accept).body else { return .null }
        return try JSONValue(parsing: bytes)
    }

    @Test func `lists the versions of the core group`() throws {
        #expect(
            try document("/api") == [
                "kind": "APIVersions", "versions": ["v1"],
                "serverAddressByClientCIDRs": [
                    ["clientCIDR": "0.0.0.0/0", "serverAddress": "10.0.0.1:6443"]
                ],
            ])
    }

    @Test func `lists groups in Kubernetes' order`() throws {
        let groups = try #require(try document("/apis")["groups"]?.array)
        #expect(
            groups.prefix(4).compactMap { $0["name"]?.string } == [
                "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io",
            ])
        let autoscaling = groups.first { $0["name"] == "autoscaling" }
        #expect(autoscaling?["preferredVersion"] == ["groupVersion": "autoscaling/v2", "version": "v2"])
        #expect(autoscaling?["versions"]?.array?.count == 2)
        #expect(groups.allSatisfy { $0["name"] != "" })
    }

    @Test func `describes one group`() throws {
        #expect(
            try document("/apis/apps") == [
                "kind": "APIGroup", "apiVersion": "v1", "name": "apps",
                "versions": [["groupVersion": "apps/v1", "version": "v1"]],
                "preferredVersion": ["groupVersion": "apps/v1", "version": "v1"],
            ])
    }

    @Test func `lists the resources of a version`() throws {
        let list = try document("/apis/apps/v1")
        #expect(list["kind"] == "APIResourceList")
        #expect(list["groupVersion"] == "apps/v1")
        let resources = try #require(list["resources"]?.array)
        let deployments = try #require(resources.first { $0["name"] == "deployments" })
        #expect(deployments["singularName"] == "deployment")
        #expect(deployments["namespaced"] == true)
        #expect(deployments["shortNames"] == ["deploy"])
        #expect(deployments["categories"] == ["all"])
        #expect(
            deployments["verbs"] == [
                "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
            ])
        #expect(
            resources.first { $0["name"] == "deployments/scale" } == [
                "name": "deployments/scale", "singularName": "", "namespaced": true, "group": "autoscaling",
                "version": "v1", "kind": "Scale", "verbs": ["get", "patch", "update"],
            ])
        #expect(try document("/api/v1")["groupVersion"] == "v1")
    }

    @Test(arguments: [(v2, "v2"), (v2beta1, "v2beta1"), ("\(v2),\(v2beta1),application/json", "v2")])
    func `aggregates everything in one document`(accept: String, version: String) throws {
        let response = try get("/apis", accept: accept)
        #expect(
            response.headers["Content-Type"]
                == "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList")
        let list = try document("/apis", accept: accept)
        #expect(list["apiVersion"] == .string("apidiscovery.k8s.io/\(version)"))
        #expect(list["kind"] == "APIGroupDiscoveryList")
        let apps = try #require(list["items"]?.array?.first { $0["metadata"]?["name"] == "apps" })
        let resources = try #require(apps["versions"]?.array?.first?["resources"]?.array)
        let deployments = try #require(resources.first { $0["resource"] == "deployments" })
        #expect(deployments["scope"] == "Namespaced")
        #expect(deployments["singularResource"] == "deployment")
        #expect(deployments["responseKind"] == ["group": "apps", "version": "v1", "kind": "Deployment"])
        #expect(
            deployments["subresources"]?.array?.first == [
                "subresource": "scale",
                "responseKind": ["group": "autoscaling", "version": "v1", "kind": "Scale"],
                "verbs": ["get", "patch", "update"],
            ])
        let core = try document("/api", accept: accept)
        #expect(core["items"]?.array?.count == 1)
        #expect(core["items"]?.array?.first?["versions"]?.array?.first?["version"] == "v1")
    }

    @Test(arguments: [
        nil, "*/*", "application/json", "application/json, \(v2)",
        "application/json;g=apidiscovery.k8s.io;v=v3;as=APIGroupDiscoveryList,application/json",
    ])
    func `gives plain documents to who does not ask for more`(accept: String?) throws {
        #expect(try document("/apis", accept: accept)["kind"] == "APIGroupList")
    }

    @Test func `answers 304 while nothing changes`() throws {
        let first = try get("/apis", accept: Self.v2)
        let tag = try #require(first.headers["ETag"])
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        #expect(try get("/apis", accept: Self.v2, ifNoneMatch: tag).status == 304)
        #expect(try get("/apis", accept: Self.v2, ifNoneMatch: "\"other\", \(tag)").status == 304)
        #expect(try get("/apis", accept: Self.v2, ifNoneMatch: "\"other\"").status == 200)
        #expect(try get("/apis", accept: Self.v2beta1, ifNoneMatch: tag).status == 200)
    }

    @Test func `lists the paths at the root`() throws {
        let paths = try #require(try document("/")["paths"]?.strings)
        #expect(paths == paths.sorted())
        #expect(Set(paths).isSuperset(of: ["/api", "/api/v1", "/apis/apps/v1", "/openapi/v3", "/version"]))
    }

    @Test(arguments: [
        "/apis/nothing", "/apis/apps/v2", "/api/v2", "/healthz", "/apis/apps/v1/deployments", "/other",
    ])
    func `knows nothing of other paths`(path: String) {
        let segments = path.split(separator: "/").map(String.init)
        #expect(discovery.response(segments: segments, accept: nil, ifNoneMatch: nil) == nil)
    }

    @Test func `shows custom resources`() throws {
        let custom = ResourceDefinition(
            group: "stable.example.com", version: "v1beta1", resource: "crontabs", kind: "CronTab",
            isNamespaced: true, shortNames: ["ct"])
        let stable = ResourceDefinition(
            group: "stable.example.com", version: "v1", resource: "crontabs", kind: "CronTab",
            isNamespaced: true)
        let discovery = Discovery(resources: Schema.shared.resources + [custom, stable])
        let response = discovery.response(segments: ["apis"], accept: nil, ifNoneMatch: nil)
        guard case .bytes(let bytes) = response?.body else { return #expect(Bool(false)) }
        let group = try JSONValue(parsing: bytes)["groups"]?.array?.last
        #expect(group?["name"] == "stable.example.com")
        #expect(group?["preferredVersion"]?["version"] == "v1")
    }
}

struct VersionRankTests {
    @Test func `prefers stable and young versions`() {
        let names = [
            "v1alpha1", "foo1", "v12alpha1", "v11beta2", "v10", "v3beta1", "v1", "v2", "v10beta3", "foo10",
        ]
        #expect(
            names.sorted { VersionRank($0) < VersionRank($1) } == [
                "v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v1alpha1", "foo1",
                "foo10",
            ])
    }
}
