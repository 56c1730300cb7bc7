import EdgeAPI
import EdgeBase
import EdgeClient
import EdgeJSON
import EdgeStorage
import Testing

@testable import EdgeAPIServer

@Suite struct FieldTrackingTests {
    private func managers(_ object: APIObject) -> [String] {
        (object[path: "metadata", "managedFields"]?.array ?? []).map { $0["manager"]?.string ?? "" }
    }

    private func context(_ manager: String, isForced: Bool = false, isDryRun: Bool = false) -> RequestContext
    {
        var context = RequestContext(user: .apiServer)
        context.fieldManager = manager
        context.isForced = isForced
        context.isDryRun = isDryRun
        return context
    }

    private func configuration(_ data: JSONValue) -> JSONValue {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c"], "data": data]
    }

    @Test func applyCreatesThenMerges() async throws {
        let test = try await TestRegistry()
        let configMaps = try test.resource("configmaps")
        func apply(_ data: JSONValue, _ context: RequestContext) async throws -> APIObject {
            try APIObject(
                decoding: await test.registry.patch(
                    configMaps, namespace: "d", name: "c", subresource: "",
                    patch: Patch(.apply, configuration(data)), context))
        }
        let tried = try await apply(["a": "1"], context("one", isDryRun: true))
        #expect(tried["data"] == ["a": "1"])
        #expect(test.registry.store.get(ObjectKey(resource: "configmaps", namespace: "d", name: "c")) == nil)
        let made = try await apply(["a": "1"], context("one"))
        #expect(managers(made) == ["one"])
        let same = try await apply(["a": "1"], context("one"))
        #expect(same.resourceVersion == made.resourceVersion)
        await #expect { try await apply(["a": "2"], context("two")) } throws: {
            ($0 as? APIStatus)?.message == "Apply failed with 1 conflict: conflict with \"one\": .data.a"
        }
        let taken = try await apply(["a": "2"], context("two", isForced: true))
        #expect(taken["data"] == ["a": "2"] && managers(taken) == ["two"])
    }

    @Test func updatesAreBookedAndEventsAreNot() async throws {
        let test = try await TestRegistry()
        var made = try await test.create("configmaps", ["metadata": ["name": "c"], "data": ["a": "1"]])
        #expect(managers(made) == ["unknown"])
        made["data"] = ["a": "2"]
        let written = try await test.registry.update(
            try test.resource("configmaps"), namespace: "d", name: "c", subresource: "", body: made,
            context("me"))
        let updated = try APIObject(decoding: written)
        #expect(managers(updated).sorted() == ["me", "unknown"])
        let lease = try await test.create("leases.coordination.k8s.io", ["metadata": ["name": "l"]])
        #expect(managers(lease) == [])
    }

    @Test func managersCanBeForgotten() async throws {
        let test = try await TestRegistry()
        _ = try await test.create("configmaps", ["metadata": ["name": "c"], "data": ["a": "1"]])
        let written = try await test.registry.patch(
            try test.resource("configmaps"), namespace: "d", name: "c", subresource: "",
            patch: Patch(.merge, ["metadata": ["managedFields": [[:]]]]), context("me"))
        #expect(try managers(APIObject(decoding: written)) == [])
    }

    @Test(arguments: [
        ("kubectl/v1.33.0 (linux/amd64)", "kubectl"), ("curl", "curl"), ("", ""), ("a\u{7}b/1", "ab"),
    ])
    func agentsNameManagers(_ userAgent: String, _ name: String) {
        #expect(RequestContext.agent(userAgent) == name)
    }
}
