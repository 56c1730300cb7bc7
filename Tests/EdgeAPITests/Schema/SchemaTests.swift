import EdgeAPI
import Testing

struct SchemaTests {
    @Test func `knows the resources of Kubernetes`() throws {
        let schema = Schema.shared
        #expect(schema.resources.count == 68)
        let deployments = try #require(schema.resource(group: "apps", version: "v1", resource: "deployments"))
        #expect(deployments.kind == "Deployment")
        #expect(deployments.listKind == "DeploymentList")
        #expect(deployments.singular == "deployment")
        #expect(deployments.shortNames == ["deploy"])
        #expect(deployments.categories == ["all"])
        #expect(deployments.isNamespaced)
        #expect(deployments.verbs == .all)
        #expect(deployments.storageName == "deployments.apps")
        #expect(deployments.subresources.map(\.name) == ["scale", "status"])
        let scale = try #require(deployments.subresource("scale"))
        #expect(scale.kind == GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale"))
        #expect(scale.verbs.names == ["get", "patch", "update"])
        #expect(schema.resource(group: "apps", version: "v1", resource: "deploy") == nil)
    }

    @Test(arguments: [
        ("", "v1", "namespaces", ["create", "delete", "get", "list", "patch", "update", "watch"]),
        ("", "v1", "bindings", ["create"]), ("", "v1", "componentstatuses", ["get", "list"]),
        ("authorization.k8s.io", "v1", "subjectaccessreviews", ["create"]),
    ])
    func `knows the verbs`(group: String, version: String, resource: String, verbs: [String]) throws {
        let definition = try #require(
            Schema.shared.resource(group: group, version: version, resource: resource))
        #expect(definition.verbs.names == verbs)
    }

    @Test(arguments: [
        ("", "v1", "events", "events", "v1"), ("events.k8s.io", "v1", "events", "events", "v1"),
        ("autoscaling", "v1", "horizontalpodautoscalers", "horizontalpodautoscalers.autoscaling", "v2"),
        ("", "v1", "pods", "pods", "v1"),
    ])
    func `knows how objects are stored`(
        group: String, version: String, resource: String, storage: String, storageVersion: String
    ) throws {
        let definition = try #require(
            Schema.shared.resource(group: group, version: version, resource: resource))
        #expect(definition.storageName == storage)
        #expect(definition.storageVersion == storageVersion)
    }

    @Test func `describes fields`() throws {
        let container = try #require(Schema.shared.type("core.v1.Container"))
        let ports = try #require(container.field("ports"))
        #expect(ports.shape == .list)
        #expect(ports.patchMergeKey == "containerPort")
        #expect(ports.listMapKeys == ["containerPort", "protocol"])
        #expect(ports.flags.contains([.listMap, .patchMerge]))
        #expect(ports.protobufPath == ProtobufPath([6]))
        #expect(container.field("name")?.isRequired == true)
        #expect(container.field("image")?.value == .string)
        #expect(container.field("nothing") == nil)
        let volume = try #require(Schema.shared.type("core.v1.Volume"))
        #expect(volume.field("emptyDir")?.protobufPath == ProtobufPath([2, 2]))
        let rule = try #require(Schema.shared.type("admissionregistration.v1.NamedRuleWithOperations"))
        #expect(rule.field("apiGroups")?.protobufPath == ProtobufPath([2, 2, 1]))
    }

    @Test func `finds every field of every type and no other`() {
        for type in Schema.shared.types {
            for field in type.fields {
                #expect(type.field(field.name)?.name == field.name)
                #expect(type.field(field.name + "x")?.name != field.name)
            }
            #expect(type.field("") == nil)
        }
    }

    @Test(arguments: [
        ("v1", "Pod"), ("apps/v1", "Deployment"), ("batch/v1", "DeleteOptions"), ("v1", "Status"),
    ])
    func `finds the types of kinds`(apiVersion: String, kind: String) {
        #expect(Schema.shared.kind(apiVersion: apiVersion, kind: kind)?.structName == kind)
    }

    @Test func `has a type for every kind that a resource takes`() {
        let withoutType = Schema.shared.resources.flatMap { resource in
            [resource.groupVersionKind] + resource.subresources.map(\.kind)
        }.filter { Schema.shared.kind($0) == nil }
        #expect(
            Set(withoutType.map(\.kind)) == [
                "NodeProxyOptions", "PodAttachOptions", "PodExecOptions", "PodPortForwardOptions",
                "PodProxyOptions",
                "ServiceProxyOptions",
            ])
    }
}
