import EdgeAPI
import EdgeBase
import EdgeClient
import EdgeJSON
import EdgeStorage
import Testing

@testable import EdgeAPIServer

@Suite struct RegistryTests {
    @Test func createFillsInTheMetadata() async throws {
        let test = try await TestRegistry()
        let made = try await test.create(
            "configmaps", ["metadata": ["generateName": "c-"], "data": ["a": "1"]])
        #expect(made.name.hasPrefix("c-") && made.name.count == 7)
        #expect(made.namespace == "d")
        #expect(!made.uid.isEmpty && !made.resourceVersion.isEmpty && made.creationTimestamp != nil)
        let keys = Array(made.json.keys)
        #expect(Set(keys.prefix(2)) == ["apiVersion", "kind"] && keys[2] == "metadata")
    }

    @Test func storedBytesCarryTheRevision() async throws {
        let test = try await TestRegistry()
        let made = try await test.create("configmaps", ["metadata": ["name": "c"]])
        let key = ObjectKey(resource: "configmaps", namespace: "d", name: "c")
        let stored = try #require(test.registry.store.get(key))
        #expect(String(stored.revision) == made.resourceVersion)
    }

    @Test func updatesCompareAndSwap() async throws {
        let test = try await TestRegistry()
        let configMaps = try test.resource("configmaps")
        var first = try await test.create("configmaps", ["metadata": ["name": "c"]])
        let stale = first
        first["data"] = ["a": "1"]
        _ = try await test.registry.update(
            configMaps, namespace: "d", name: "c", subresource: "", body: first, test.context)
        await #expect {
            try await test.registry.update(
                configMaps, namespace: "d", name: "c", subresource: "", body: stale, test.context)
        } throws: { ($0 as? APIStatus)?.reason == .conflict }
        var unconditional = stale
        unconditional[path: "metadata", "resourceVersion"] = nil
        unconditional["data"] = ["b": "2"]
        let written = try await test.registry.update(
            configMaps, namespace: "d", name: "c", subresource: "", body: unconditional, test.context)
        #expect(try APIObject(decoding: written)["data"] == ["b": "2"])
    }

    @Test func anUpdateThatChangesNothingWritesNothing() async throws {
        let test = try await TestRegistry()
        let made = try await test.create("configmaps", ["metadata": ["name": "c"], "data": ["a": "1"]])
        let again = try await test.registry.update(
            try test.resource("configmaps"), namespace: "d", name: "c", subresource: "", body: made,
            test.context)
        #expect(String(again.revision) == made.resourceVersion)
    }

    @Test func specChangesCountTheGenerationAndStatusIsApart() async throws {
        let test = try await TestRegistry()
        let deployments = try test.resource("deployments.apps")
        var made = try await test.create("deployments.apps", Self.deployment)
        #expect(made.generation == 1)
        made[path: "spec", "replicas"] = 5
        made["status"] = ["replicas": 99]
        let updated = try APIObject(
            decoding: await test.registry.update(
                deployments, namespace: "d", name: "web", subresource: "", body: made, test.context))
        #expect(updated.generation == 2)
        #expect(updated[path: "status", "replicas"]?.int ?? 0 == 0)
        var status = updated
        status["status"] = ["replicas": 3]
        status[path: "spec", "replicas"] = 1
        let reported = try APIObject(
            decoding: await test.registry.update(
                deployments, namespace: "d", name: "web", subresource: "status", body: status, test.context))
        #expect(reported.generation == 2)
        #expect(reported[path: "spec", "replicas"] == 5)
        #expect(reported[path: "status", "replicas"] == 3)
    }

    @Test func finalizersHoldADeletion() async throws {
        let test = try await TestRegistry()
        let configMaps = try test.resource("configmaps")
        _ = try await test.create("configmaps", ["metadata": ["name": "c", "finalizers": ["example.org/x"]]])
        guard
            case .pending(let held) = try await test.registry.delete(
                configMaps, namespace: "d", name: "c", options: DeleteOptions(), test.context)
        else {
            Issue.record("the object must stay")
            return
        }
        var object = try APIObject(decoding: held)
        #expect(object.isBeingDeleted)
        object.finalizers = []
        _ = try await test.registry.update(
            configMaps, namespace: "d", name: "c", subresource: "", body: object, test.context)
        #expect(test.registry.store.get(held.key) == nil)
    }

    @Test func listsGoOnConsistently() async throws {
        let test = try await TestRegistry()
        let configMaps = try test.resource("configmaps")
        for name in ["a", "b", "c", "d"] {
            _ = try await test.create("configmaps", ["metadata": ["name": .string(name)]])
        }
        var query = ListQuery()
        query.limit = 2
        let first = try test.registry.list(configMaps, namespace: "d", query: query)
        #expect(first.objects.map(\.key.name) == ["a", "b"] && first.remaining == 2)
        _ = try await test.create("configmaps", ["metadata": ["name": "bb"]])
        query.continueToken = first.next
        let second = try test.registry.list(configMaps, namespace: "d", query: query)
        #expect(second.objects.map(\.key.name) == ["c", "d"] && second.next == nil)
        #expect(second.revision == first.revision)
    }

    @Test func dryRunLeavesNothing() async throws {
        let test = try await TestRegistry()
        var context = test.context
        context.isDryRun = true
        let configMaps = try test.resource("configmaps")
        let body = TestRegistry.object(["metadata": ["name": "c"]], configMaps)
        _ = try await test.registry.create(configMaps, namespace: "d", body: body, context)
        #expect(test.registry.store.count("configmaps") == 0)
    }

    @Test func falseProtectionIsRefused() async throws {
        let test = try await TestRegistry([SupportGate()])
        await #expect {
            try await test.create(
                "networkpolicies.networking.k8s.io",
                ["metadata": ["name": "n"], "spec": ["podSelector": [:]]])
        } throws: { ($0 as? APIStatus)?.message.contains("not enforced") == true }
    }

    private static let deployment: JSONValue = [
        "metadata": ["name": "web"],
        "spec": [
            "replicas": 2, "selector": ["matchLabels": ["app": "web"]],
            "template": [
                "metadata": ["labels": ["app": "web"]],
                "spec": ["containers": [["name": "web", "image": "nginx"]]],
            ],
        ],
    ]
}
