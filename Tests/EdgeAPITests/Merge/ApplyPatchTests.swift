import EdgeAPI
import EdgeJSON
import Testing

struct ApplyPatchTests {
    private static func object(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: text).object)
    }

    @Test(arguments: [
        // Nothing changed: defaults and additions of others stay.
        (#"{"replicas":1}"#, #"{"replicas":1}"#, #"{"replicas":1,"paused":true}"#, "{}"),
        // Drift is set back, what is gone from the configuration is removed.
        (
            #"{"replicas":1,"paused":true}"#, #"{"replicas":2}"#, #"{"replicas":1,"paused":true}"#,
            #"{"replicas":2,"paused":null}"#
        ),
        // A container that the configuration no longer has is deleted, a foreign one stays.
        (
            #"{"template":{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}}"#,
            #"{"template":{"spec":{"containers":[{"name":"a"}]}}}"#,
            #"{"template":{"spec":{"containers":[{"name":"a","image":"d"},{"name":"b"},{"name":"sidecar"}]}}}"#,
            #"""
            {"template":{"spec":{"containers":[{"$patch":"delete","name":"b"}],
            "$setElementOrder/containers":[{"name":"a"}]}}}
            """#
        ),
        // A changed container.
        (
            #"{"template":{"spec":{"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"}]}]}}}"#,
            #"{"template":{"spec":{"containers":[{"name":"a","image":"2","env":[]}]}}}"#,
            #"{"template":{"spec":{"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"}],"resources":{}}]}}}"#,
            #"""
            {"template":{"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"a",
            "image":"2","env":[{"$patch":"delete","name":"X"}]}]}}}
            """#
        ),
        // The strategy retains its keys.
        (
            #"{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}"#,
            #"{"strategy":{"type":"Recreate"}}"#,
            #"{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":0}}}"#,
            #"{"strategy":{"type":"Recreate","rollingUpdate":null,"$retainKeys":["type"]}}"#
        ),
    ])
    func `computes what apply sends`(last: String, applied: String, live: String, patch: String) throws {
        func deployment(_ spec: String) throws -> JSONObject {
            try Self.object(
                #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"x"},"spec":\#(spec)}"#)
        }
        var current = try deployment(live)
        current["metadata"] = LastApplied.modified(try deployment(last))["metadata"]
        let configuration = try deployment(applied)
        let type = Schema.shared.kind(apiVersion: "apps/v1", kind: "Deployment")
        let computed = try ApplyPatch(configuration: configuration, current: current, type: type)
        #expect(try computed.body["spec"] ?? .object([:]) == JSONValue(parsing: patch))
        #expect(computed.contentType == "application/strategic-merge-patch+json")

        // Applied, it makes the live object one that a second apply leaves alone.
        let deploymentType = try #require(type)
        let changed = try StrategicMerge.apply(computed.body, to: current, type: deploymentType)
        let second = try ApplyPatch(configuration: configuration, current: changed, type: type)
        #expect(try StrategicMerge.apply(second.body, to: changed, type: deploymentType) == changed)
    }

    @Test func `merges custom resources by JSON merge patch`() throws {
        let last = try Self.object(
            #"{"apiVersion":"x.io/v1","kind":"X","metadata":{"name":"x"},"spec":{"a":1,"b":[1]}}"#)
        var live = LastApplied.modified(last)
        live["spec"]?["other"] = 5
        let configuration = try Self.object(
            #"{"apiVersion":"x.io/v1","kind":"X","metadata":{"name":"x"},"spec":{"b":[1,2]}}"#)
        let patch = try ApplyPatch(configuration: configuration, current: live, type: nil)
        #expect(patch.contentType == "application/merge-patch+json")
        #expect(patch.body["spec"] == ["b": [1, 2], "a": .null])
    }

    @Test func `records the applied configuration with sorted members`() throws {
        let configuration = try Self.object(
            #"{"kind":"X","apiVersion":"v1","metadata":{"name":"x","annotations":{"b":"1","a":"2"}}}"#)
        let modified = LastApplied.modified(configuration)
        #expect(
            modified["metadata"]?["annotations"]?[LastApplied.annotation]?.string
                == #"{"apiVersion":"v1","kind":"X","metadata":{"annotations":{"a":"2","b":"1"},"name":"x"}}"#
                + "\n")
        // Applying what was got does not nest the annotation.
        #expect(LastApplied.modified(modified) == modified)
        #expect(try LastApplied.original(of: modified)?["kind"] == "X")
        #expect(try LastApplied.original(of: configuration) == nil)
    }

    @Test func `refuses to change the name`() throws {
        let live = try Self.object(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}"#)
        let other = try Self.object(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"y"}}"#)
        #expect(throws: StrategicMergeError.self) {
            try ApplyPatch(
                configuration: other, current: live,
                type: Schema.shared.kind(apiVersion: "v1", kind: "ConfigMap"))
        }
    }
}
