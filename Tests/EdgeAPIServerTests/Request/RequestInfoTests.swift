import Testing

@testable import EdgeAPIServer

@Suite struct RequestInfoTests {
    @Test(arguments: [
        ("GET", "/api/v1/namespaces/d/pods/web/log", "get", "", "d", "pods", "log", "web"),
        ("GET", "/api/v1/pods", "list", "", "", "pods", "", ""),
        ("GET", "/api/v1/namespaces", "list", "", "", "namespaces", "", ""),
        ("GET", "/api/v1/namespaces/d", "get", "", "d", "namespaces", "", "d"),
        ("PUT", "/api/v1/namespaces/d/finalize", "update", "", "d", "namespaces", "finalize", "d"),
        ("POST", "/apis/apps/v1/namespaces/d/deployments", "create", "apps", "d", "deployments", "", ""),
        (
            "DELETE", "/apis/apps/v1/namespaces/d/deployments", "deletecollection", "apps", "d",
            "deployments", "", ""
        ),
        ("PATCH", "/api/v1/nodes/pi/status", "patch", "", "", "nodes", "status", "pi"),
        ("GET", "/api/v1/namespaces/d/services/web/proxy/a/b", "get", "", "d", "services", "proxy", "web"),
    ])
    func readsResourcePaths(
        method: String, path: String, verb: String, group: String, namespace: String, resource: String,
        subresource: String, name: String
    ) {
        let info = RequestInfo(
            method: method, path: path, segments: path.split(separator: "/").map(String.init))
        #expect(info.isResourceRequest)
        #expect(info.verb == verb)
        #expect(info.group == group)
        #expect(info.namespace == namespace)
        #expect(info.resource == resource)
        #expect(info.subresource == subresource)
        #expect(info.name == name)
    }

    @Test(arguments: ["/healthz", "/api", "/apis/apps", "/api/v1", "/apis/apps/v1", "/openapi/v2"])
    func leavesOtherPathsAlone(path: String) {
        let info = RequestInfo(
            method: "GET", path: path, segments: path.split(separator: "/").map(String.init))
        #expect(!info.isResourceRequest)
        #expect(info.verb == "get")
    }
}

@Suite struct RepresentationTests {
    @Test(arguments: [
        (nil, Representation.object), ("*/*", .object), ("application/json", .object),
        ("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", .table(version: "v1")),
        ("application/json;as=Table;g=meta.k8s.io;v=v1beta1", .table(version: "v1beta1")),
        ("application/vnd.kubernetes.protobuf, application/json", .object),
        ("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", .partialMetadata(version: "v1")),
        ("application/json;as=Unknown;g=meta.k8s.io;v=v1,application/json", .object),
    ])
    private func negotiates(accept: String?, expected: Representation) throws {
        #expect(try Representation(accept: accept) == expected)
    }

    @Test func refusesWhatItCannotGive() {
        #expect(throws: (any Error).self) { try Representation(accept: "application/cbor") }
    }
}

@Suite struct ContinueTokenTests {
    @Test func goesThereAndBack() throws {
        let token = ContinueToken(revision: 42, namespace: "d", name: "web")
        #expect(try ContinueToken(token.text) == token)
    }

    @Test(arguments: ["", "x", "e30"])
    func refusesForeignText(text: String) {
        #expect(throws: (any Error).self) { try ContinueToken(text) }
    }
}
