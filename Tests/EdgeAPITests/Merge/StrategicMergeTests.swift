import EdgeAPI
import EdgeJSON
import Testing

/// The results are what Kubernetes' own implementation gives (`kubectl patch --local`).
struct StrategicMergeTests {
    private static func object(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: text).object)
    }

    private static func type(_ name: String) throws -> TypeDefinition {
        try #require(Schema.shared.type(name))
    }

    @Test(arguments: [
        // Maps merge, null removes, scalars and atomic lists are replaced.
        (
            #"{"nodeSelector":{"a":"1","b":"2"}}"#, #"{"nodeSelector":{"a":null,"c":"3"}}"#,
            #"{"nodeSelector":{"b":"2","c":"3"}}"#
        ),
        (#"{"hostNetwork":true}"#, #"{"hostNetwork":null,"hostPID":true}"#, #"{"hostPID":true}"#),
        (
            #"{"tolerations":[{"key":"a"}]}"#, #"{"tolerations":[{"key":"b"}]}"#,
            #"{"tolerations":[{"key":"b"}]}"#
        ),
        // Lists merge by their key; new elements come first, as Kubernetes arranges them.
        (
            #"{"containers":[{"name":"a","image":"x"},{"name":"b"}]}"#,
            #"{"containers":[{"name":"a","image":"y"}]}"#,
            #"{"containers":[{"name":"a","image":"y"},{"name":"b"}]}"#
        ),
        (
            #"{"containers":[{"name":"a"}]}"#, #"{"containers":[{"name":"b"}]}"#,
            #"{"containers":[{"name":"b"},{"name":"a"}]}"#
        ),
        (
            #"{"containers":[{"name":"a","env":[{"name":"X","value":"1"}],"args":["a"]}]}"#,
            #"{"containers":[{"name":"a","env":[{"name":"Y","value":"2"}],"args":["b"]}]}"#,
            #"{"containers":[{"name":"a","env":[{"name":"Y","value":"2"},{"name":"X","value":"1"}],"args":["b"]}]}"#
        ),
        // Directives in lists.
        (
            #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
            #"{"containers":[{"name":"a","$patch":"delete"}]}"#,
            #"{"containers":[{"name":"b"}]}"#
        ),
        (
            #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
            #"{"containers":[{"name":"c"},{"$patch":"replace"}]}"#,
            #"{"containers":[{"name":"c"}]}"#
        ),
        (
            #"{"containers":[{"name":"a","image":"x","args":["q"]}]}"#,
            #"{"containers":[{"name":"a","args":null,"image":"y"}]}"#,
            #"{"containers":[{"name":"a","image":"y"}]}"#
        ),
        // Directives in maps.
        (
            #"{"nodeSelector":{"a":"1"}}"#, #"{"nodeSelector":{"$patch":"replace","z":"1"}}"#,
            #"{"nodeSelector":{"z":"1"}}"#
        ),
        (#"{"nodeSelector":{"a":"1"}}"#, #"{"nodeSelector":{"$patch":"delete"}}"#, #"{"nodeSelector":{}}"#),
        (#"{"hostNetwork":true}"#, #"{"nodeSelector":{"$patch":"delete"}}"#, #"{"hostNetwork":true}"#),
        // The order of lists.
        (
            #"{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#,
            #"{"$setElementOrder/containers":[{"name":"c"},{"name":"a"}]}"#,
            #"{"containers":[{"name":"b"},{"name":"c"},{"name":"a"}]}"#
        ),
        (
            #"{"containers":[{"name":"a"},{"name":"x"}]}"#,
            #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b"}]}"#,
            #"{"containers":[{"name":"b"},{"name":"a"},{"name":"x"}]}"#
        ),
        (
            #"{"containers":[{"name":"d"},{"name":"c"}]}"#,
            #"{"containers":[{"name":"a"},{"name":"d","$patch":"delete"},{"name":"b"}],"$setElementOrder/containers":[{"name":"a"},{"name":"b"}]}"#,
            #"{"containers":[{"name":"c"},{"name":"a"},{"name":"b"}]}"#
        ),
        // Keys to retain: another kind of volume replaces the one that was there.
        (
            #"{"volumes":[{"name":"v","emptyDir":{}}]}"#,
            #"{"volumes":[{"name":"v","configMap":{"name":"c"},"$retainKeys":["name","configMap"]}]}"#,
            #"{"volumes":[{"name":"v","configMap":{"name":"c"}}]}"#
        ),
        // What is new keeps neither nulls nor directives.
        (
            #"{}"#,
            #"{"securityContext":{"runAsUser":null,"runAsGroup":1},"containers":[{"name":"a","$patch":"delete"},{"name":"b"}]}"#,
            #"{"securityContext":{"runAsGroup":1},"containers":[{"name":"b"}]}"#
        ),
        // A null stands where a list is expected.
        (#"{"containers":null}"#, #"{"containers":[{"name":"a"}]}"#, #"{"containers":[{"name":"a"}]}"#),
    ])
    func `applies patches to pod specs`(original: String, patch: String, result: String) throws {
        let merged = try StrategicMerge.apply(
            Self.object(patch), to: Self.object(original), type: Self.type("core.v1.PodSpec"))
        #expect(try JSONValue.object(merged) == JSONValue(parsing: result))
    }

    @Test(arguments: [
        (#"{"finalizers":["a","b"]}"#, #"{"finalizers":["b","c"]}"#, #"{"finalizers":["a","b","c"]}"#),
        (
            #"{"finalizers":["a","b","c"]}"#, #"{"$deleteFromPrimitiveList/finalizers":["b","z"]}"#,
            #"{"finalizers":["a","c"]}"#
        ),
        (
            #"{"finalizers":["a","b"]}"#,
            #"{"$setElementOrder/finalizers":["c","b","a"],"finalizers":["c"]}"#,
            #"{"finalizers":["c","b","a"]}"#
        ),
        (
            #"{"labels":{"a":"1"}}"#, #"{"labels":{"b":"2"},"annotations":{"x":null}}"#,
            #"{"labels":{"a":"1","b":"2"},"annotations":{}}"#
        ),
        (
            #"{"ownerReferences":[{"uid":"1","name":"a"}]}"#,
            #"{"ownerReferences":[{"uid":"1","$patch":"delete"}]}"#,
            #"{"ownerReferences":[]}"#
        ),
    ])
    func `applies patches to metadata`(original: String, patch: String, result: String) throws {
        let merged = try StrategicMerge.apply(
            Self.object(patch), to: Self.object(original), type: Self.type("meta.v1.ObjectMeta"))
        #expect(try JSONValue.object(merged) == JSONValue(parsing: result))
    }

    @Test(arguments: [
        (
            #"{"containers":[{"image":"x"}]}"#,
            #"map: {"image":"x"} does not contain declared merge key: name"#, 422
        ),
        (#"{"containers":["x"]}"#, #"list element types are not identical: ["x"]"#, 422),
        (
            #"{"containers":[{"name":"a","$patch":"merge"}]}"#,
            "merging lists cannot yet be specified in the patch", 422
        ),
        (#"{"nodeSelector":{"$patch":"x"}}"#, #"unknown patch type: "x" in map: {"$patch":"x"}"#, 422),
        (#"{"$retainKeys":["nodeName"],"hostPID":true}"#, "invalid patch format of retainKeys", 400),
        (#"{"$retainKeys":"nodeName"}"#, "invalid patch format of retainKeys", 400),
        (#"{"$setElementOrder/containers":{}}"#, "invalid patch format of setElementOrder list", 400),
        (#"{"$deleteFromPrimitiveList":[]}"#, "invalid patch format of primitive list", 400),
        (#"{"containers":[[1]]}"#, "lists of lists are not supported", 422),
    ])
    func `refuses bad patches`(patch: String, message: String, code: Int) throws {
        let original = try Self.object(#"{"containers":[{"name":"a"}],"nodeSelector":{"a":"1"}}"#)
        let patch = try Self.object(patch)
        let type = try Self.type("core.v1.PodSpec")
        let error = #expect(throws: StrategicMergeError.self) {
            try StrategicMerge.apply(patch, to: original, type: type)
        }
        #expect(error?.description == message)
        #expect(error?.code == code)
    }

    @Test(arguments: [
        (#"{"hostPID":true}"#, #"{"hostPID":true}"#, "{}"),
        (#"{"hostPID":true}"#, #"{"hostIPC":true}"#, #"{"hostIPC":true,"hostPID":null}"#),
        (
            #"{"nodeSelector":{"a":"1","b":"1"}}"#, #"{"nodeSelector":{"a":"2"}}"#,
            #"{"nodeSelector":{"a":"2","b":null}}"#
        ),
        (
            #"{"containers":[{"name":"a","image":"x","args":["1"]},{"name":"b"}]}"#,
            #"{"containers":[{"name":"a","image":"y","args":["1"]},{"name":"c"}]}"#,
            #"{"containers":[{"image":"y","name":"a"},{"name":"c"},{"$patch":"delete","name":"b"}],"$setElementOrder/containers":[{"name":"a"},{"name":"c"}]}"#
        ),
        (
            #"{"containers":[{"name":"a"},{"name":"b"}]}"#, #"{"containers":[{"name":"b"},{"name":"a"}]}"#,
            #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}"#
        ),
        (
            #"{"volumes":[{"name":"v","emptyDir":{}}]}"#,
            #"{"volumes":[{"name":"v","configMap":{"name":"c"}}]}"#,
            #"{"volumes":[{"configMap":{"name":"c"},"emptyDir":null,"$retainKeys":["configMap","name"],"name":"v"}],"$setElementOrder/volumes":[{"name":"v"}]}"#
        ),
        (#"{"tolerations":[{"key":"a"}]}"#, #"{"tolerations":[]}"#, #"{"tolerations":[]}"#),
        (
            #"{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]}]}"#,
            #"{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]}]}"#,
            "{}"
        ),
    ])
    func `computes patches`(original: String, modified: String, patch: String) throws {
        let original = try Self.object(original)
        let modified = try Self.object(modified)
        let type = try Self.type("core.v1.PodSpec")
        let difference = try StrategicMerge.difference(from: original, to: modified, type: type)
        #expect(try JSONValue.object(difference) == JSONValue(parsing: patch))
        #expect(try StrategicMerge.apply(difference, to: original, type: type) == modified)
    }

    @Test func `computes deletions from lists of scalars`() throws {
        let type = try Self.type("meta.v1.ObjectMeta")
        let original = try Self.object(#"{"finalizers":["a","b"]}"#)
        let modified = try Self.object(#"{"finalizers":["c","a"]}"#)
        let patch = try StrategicMerge.difference(from: original, to: modified, type: type)
        #expect(
            try JSONValue.object(patch)
                == JSONValue(
                    parsing: """
                        {"finalizers":["c"],"$deleteFromPrimitiveList/finalizers":["b"],
                        "$setElementOrder/finalizers":["c","a"]}
                        """))
        #expect(try StrategicMerge.apply(patch, to: original, type: type) == modified)
    }
}
