import EdgeAPI
import EdgeJSON
import EdgeTransport
import Testing

@testable import EdgeAPIServer

struct OpenAPITests {
    private static let protobuf = OpenAPIDocuments.protobufType

    private static let crontab = CustomKind(
        resource: ResourceDefinition(
            group: "stable.example.com", version: "v1", resource: "crontabs", kind: "CronTab",
            isNamespaced: true),
        schema: [
            "type": "object",
            "properties": [
                "spec": [
                    "type": "object",
                    "properties": [
                        "replicas": ["type": "integer", "minimum": 1, "nullable": true],
                        "port": [
                            "x-kubernetes-int-or-string": true,
                            "anyOf": [["type": "integer"], ["type": "string"]],
                        ],
                        "schedule": ["type": "string", "pattern": "^x$"],
                    ],
                ]
            ],
        ])

    private let documents = OpenAPIDocuments(
        schema: .shared, version: "v1.36.0+edge.0.1.0", customKinds: [crontab])

    private func get(
        _ path: String, accept: String? = "application/json", ifNoneMatch: String? = nil
    ) throws -> HTTPServerResponse {
        let segments = path.split(separator: "/").map(String.init)
        return try #require(documents.response(segments: segments, accept: accept, ifNoneMatch: ifNoneMatch))
    }

    private func document(_ path: String) throws -> JSONValue {
        guard case .bytes(let bytes) = try get(path).body else { return .null }
        return try JSONValue(parsing: bytes)
    }

    @Test func `says where the documents are`() throws {
        let paths = try #require(try document("/openapi/v3")["paths"]?.object)
        #expect(paths.count == 23)
        let apps = try #require(paths["apis/apps/v1"]?["serverRelativeURL"]?.string)
        #expect(apps.hasPrefix("/openapi/v3/apis/apps/v1?hash="))
        #expect(paths["api/v1"] != nil)
        #expect(paths["apis/stable.example.com/v1"] != nil)
    }

    @Test func `describes types with their merge keys`() throws {
        let schemas = try document("/openapi/v3/api/v1")["components"]?["schemas"]
        let container = schemas?["io.k8s.api.core.v1.Container"]?["properties"]
        #expect(
            container?["ports"] == [
                "type": "array", "items": ["$ref": "#/components/schemas/io.k8s.api.core.v1.ContainerPort"],
                "description": "Ports that the container listens on.", "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
                "x-kubernetes-patch-merge-key": "containerPort", "x-kubernetes-patch-strategy": "merge",
            ])
        #expect(
            container?["resources"]?["allOf"]
                == [["$ref": "#/components/schemas/io.k8s.api.core.v1.ResourceRequirements"]])
        let pod = schemas?["io.k8s.api.core.v1.Pod"]
        #expect(pod?["x-kubernetes-group-version-kind"] == [["group": "", "kind": "Pod", "version": "v1"]])
        #expect(pod?["description"]?.string?.isEmpty == false)
        #expect(
            schemas?["io.k8s.api.core.v1.PodSpec"]?["properties"]?["volumes"]?["x-kubernetes-patch-strategy"]
                == "merge,retainKeys")
        #expect(
            schemas?["io.k8s.apimachinery.pkg.util.intstr.IntOrString"]?["oneOf"]
                == [["type": "integer"], ["type": "string"]])
    }

    /// Every reference of a document leads somewhere in it.
    @Test(arguments: ["api/v1", "apis/apps/v1", "apis/apiextensions.k8s.io/v1", "apis/stable.example.com/v1"])
    func `refers only to what it has`(path: String) throws {
        let document = try document("/openapi/v3/\(path)")
        let schemas = try #require(document["components"]?["schemas"]?.object)
        for reference in references(in: document) {
            let name = String(reference.dropFirst("#/components/schemas/".count))
            #expect(schemas[name] != nil, "\(reference)")
        }
    }

    @Test func `refers only to what it has in version 2`() throws {
        let document = try document("/openapi/v2")
        for reference in references(in: document) {
            let path = reference.dropFirst(2).split(separator: "/").map(String.init)
            #expect(document[path[0]]?[path[1]] != nil, "\(reference)")
        }
    }

    private func references(in value: JSONValue) -> Set<String> {
        switch value {
        case .array(let elements): return elements.reduce(into: []) { $0.formUnion(references(in: $1)) }
        case .object(let object):
            return object.members.reduce(into: []) { found, member in
                if member.key == "$ref", let path = member.value.string {
                    found.insert(path)
                } else {
                    found.formUnion(references(in: member.value))
                }
            }
        default: return []
        }
    }

    /// kubectl looks for this parameter to learn that the server validates fields.
    @Test(arguments: [
        (
            "/openapi/v3/apis/apps/v1", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}",
            "Deployment", "apps"
        ),
        ("/openapi/v3/api/v1", "/api/v1/namespaces/{name}", "Namespace", ""),
        ("/openapi/v2", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "Deployment", "apps"),
        (
            "/openapi/v2", "/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}", "CronTab",
            "stable.example.com"
        ),
    ])
    func `offers field validation with patches`(document: String, path: String, kind: String, group: String)
        throws
    {
        let patch = try #require(try self.document(document)["paths"]?[path]?["patch"])
        #expect(
            patch["x-kubernetes-group-version-kind"] == [
                "group": .string(group), "kind": .string(kind), "version": "v1",
            ])
        #expect(patch["x-kubernetes-action"] == "patch")
        let parameters = try #require(patch["parameters"]?.array)
        #expect(parameters.contains { $0["name"] == "fieldValidation" && $0["in"] == "query" })
    }

    @Test func `names operations as Kubernetes does`() throws {
        let paths = try document("/openapi/v2")["paths"]
        func id(_ path: String, _ method: String) -> JSONValue? { paths?[path]?[method]?["operationId"] }
        let deployments = "/apis/apps/v1/namespaces/{namespace}/deployments"
        #expect(id("/apis/apps/v1/deployments", "get") == "listAppsV1DeploymentForAllNamespaces")
        #expect(id(deployments, "get") == "listAppsV1NamespacedDeployment")
        #expect(id(deployments, "post") == "createAppsV1NamespacedDeployment")
        #expect(id(deployments, "delete") == "deleteAppsV1CollectionNamespacedDeployment")
        #expect(id("\(deployments)/{name}", "get") == "readAppsV1NamespacedDeployment")
        #expect(id("\(deployments)/{name}", "put") == "replaceAppsV1NamespacedDeployment")
        #expect(id("\(deployments)/{name}/scale", "patch") == "patchAppsV1NamespacedDeploymentScale")
        let exec = "/api/v1/namespaces/{namespace}/pods/{name}/exec"
        #expect(id(exec, "get") == "connectCoreV1GetNamespacedPodExec")
        #expect(
            id("/apis/rbac.authorization.k8s.io/v1/clusterroles", "get")
                == "listRbacAuthorizationV1ClusterRole")
        #expect(id("/api/v1/nodes/{name}/proxy/{path}", "get") == "connectCoreV1GetNodeProxyWithPath")
    }

    @Test func `shows custom kinds`() throws {
        let schema = try document("/openapi/v3/apis/stable.example.com/v1")["components"]?["schemas"]?[
            "com.example.stable.v1.CronTab"]
        #expect(schema?["properties"]?["spec"]?["properties"]?["replicas"]?["nullable"] == true)
        #expect(schema?["properties"]?["metadata"] != nil)
        #expect(
            schema?["x-kubernetes-group-version-kind"]
                == [["group": "stable.example.com", "kind": "CronTab", "version": "v1"]])
        let swagger = try document("/openapi/v2")["definitions"]?["com.example.stable.v1.CronTab"]
        let spec = swagger?["properties"]?["spec"]?["properties"]
        #expect(spec?["replicas"]?["type"] == nil)
        #expect(spec?["port"] == ["x-kubernetes-int-or-string": true])
        #expect(spec?["schedule"]?["pattern"] == "^x$")
    }

    @Test func `gives version 2 as protobuf`() throws {
        let response = try get("/openapi/v2", accept: "\(Self.protobuf),application/json")
        #expect(response.headers["Content-Type"] == OpenAPIDocuments.protobufContentType)
        guard case .bytes(let bytes) = response.body else { return #expect(Bool(false)) }
        var reader = ProtobufReader(bytes)
        var definitions = 0
        var paths = 0
        while let field = try reader.next() {
            guard case .bytes(let range) = field.value else { continue }
            var inner = ProtobufReader(bytes, range)
            switch field.number {
            case 1: #expect(bytes[range].elementsEqual("2.0".utf8))
            case 8: while try inner.next() != nil { paths += 1 }
            case 9: while try inner.next() != nil { definitions += 1 }
            default: break
            }
        }
        let json = try document("/openapi/v2")
        #expect(definitions == json["definitions"]?.object?.count)
        #expect(paths == json["paths"]?.object?.count)
    }

    @Test func `writes schemas as gnostic does, byte by byte`() {
        let schema: JSONValue = [
            "type": "object", "required": ["a"], "additionalProperties": ["$ref": "#/x"], "x-k": "v",
        ]
        #expect(
            GnosticEncoder.schema(schema).bytes == [
                0x9a, 0x01, 0x01, 0x61,  // required "a"
                0xaa, 0x01, 0x07, 0x0a, 0x05, 0x0a, 0x03, 0x23, 0x2f, 0x78,  // a map of $ref "#/x"
                0xb2, 0x01, 0x08, 0x0a, 0x06, 0x6f, 0x62, 0x6a, 0x65, 0x63, 0x74,  // type "object"
                0xfa, 0x01, 0x0d,  // extension
                0x0a, 0x03, 0x78, 0x2d, 0x6b,  // name "x-k"
                0x12, 0x06, 0x12, 0x04, 0x22, 0x76, 0x22, 0x0a,  // value as YAML: "v"
            ])
    }

    @Test func `answers 304 while nothing changes`() throws {
        for accept in ["application/json", Self.protobuf] {
            let tag = try #require(try get("/openapi/v2", accept: accept).headers["ETag"])
            #expect(try get("/openapi/v2", accept: accept, ifNoneMatch: tag).status == 304)
        }
        let tag = try #require(try get("/openapi/v3/api/v1").headers["ETag"])
        #expect(try get("/openapi/v3/api/v1", ifNoneMatch: tag).status == 304)
        #expect(try get("/openapi/v3/api/v1", ifNoneMatch: "\"other\"").status == 200)
    }

    @Test func `changes its hash with custom kinds`() throws {
        let plain = OpenAPIDocuments(schema: .shared, version: "v1.36.0+edge.0.1.0")
        let tag = plain.response(segments: ["openapi", "v2"], accept: nil, ifNoneMatch: nil)?.headers["ETag"]
        #expect(try tag != get("/openapi/v2").headers["ETag"])
    }

    @Test(arguments: ["/openapi/v3/apis/nothing/v1", "/openapi/v4", "/openapi", "/openapi/v2/x"])
    func `knows nothing of other paths`(path: String) {
        let segments = path.split(separator: "/").map(String.init)
        #expect(documents.response(segments: segments, accept: nil, ifNoneMatch: nil) == nil)
    }

    @Test func `refuses forms that it does not have`() throws {
        #expect(try get("/openapi/v2", accept: "text/html").status == 406)
        let v3 = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf"
        #expect(try get("/openapi/v3/api/v1", accept: v3).status == 406)
        #expect(try get("/openapi/v3/api/v1", accept: "\(v3),application/json").status == 200)
    }

    @Test func `every description belongs to a type and a field`() throws {
        for (type, fields) in OpenAPIDescriptions.described() {
            let definition = try #require(Schema.shared.type(type), "\(type)")
            for field in fields { #expect(definition.field(field) != nil, "\(type).\(field)") }
        }
    }
}
