import EdgeJSON
import Testing

struct JSONPatchTests {
    @Test(arguments: [
        (#"{"a":1}"#, #"[{"op":"add","path":"/b","value":2}]"#, #"{"a":1,"b":2}"#),
        (#"{"a":1}"#, #"[{"op":"add","path":"/a","value":null}]"#, #"{"a":null}"#),
        (#"{"a":[1,3]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2,3]}"#),
        (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
        (#"{"a":[1,2]}"#, #"[{"op":"add","path":"/a/-1","value":3}]"#, #"{"a":[1,2,3]}"#),
        (#"{"a":1}"#, #"[{"op":"add","path":"","value":{"b":1}}]"#, #"{"b":1}"#),
        (#"{"a":{"b/c~d":1}}"#, #"[{"op":"replace","path":"/a/b~1c~0d","value":2}]"#, #"{"a":{"b/c~d":2}}"#),
        (#"{"a":1,"b":2}"#, #"[{"op":"remove","path":"/a"}]"#, #"{"b":2}"#),
        (#"{"a":[1,2,3]}"#, #"[{"op":"remove","path":"/a/1"}]"#, #"{"a":[1,3]}"#),
        (#"{"a":[1,2,3]}"#, #"[{"op":"remove","path":"/a/-1"}]"#, #"{"a":[1,2]}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/c"}]"#, #"{"a":{},"c":1}"#),
        (#"{"a":[1,2,3]}"#, #"[{"op":"move","from":"/a/0","path":"/a/2"}]"#, #"{"a":[2,3,1]}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/a/c"}]"#, #"{"a":{"b":1,"c":{"b":1}}}"#),
        (#"{"a":[1,{"b":2}]}"#, #"[{"op":"test","path":"/a","value":[1,{"b":2}]}]"#, #"{"a":[1,{"b":2}]}"#),
        (#"{"a":1}"#, #"[{"op":"test","path":"/z","value":null}]"#, #"{"a":1}"#),
        (#"{"a":1}"#, #"[]"#, #"{"a":1}"#),
    ])
    func `applies operations`(document: String, patch: String, result: String) throws {
        let patch = try JSONPatch(JSONValue(parsing: patch))
        #expect(try patch.apply(to: JSONValue(parsing: document)) == JSONValue(parsing: result))
    }

    @Test(arguments: [
        (
            #"[{"op":"add","path":"/x/y","value":1}]"#,
            #"add operation does not apply: doc is missing path: "/x/y": missing value"#
        ),
        (
            #"[{"op":"add","path":"/a/9","value":1}]"#,
            "error in add for path: '/a/9': Unable to access invalid index: 9: invalid index referenced"
        ),
        (
            #"[{"op":"add","path":"/s/x","value":1}]"#,
            #"add operation does not apply: doc is missing path: "/s/x": missing value"#
        ),
        (
            #"[{"op":"remove","path":"/x"}]"#,
            "error in remove for path: '/x': Unable to remove nonexistent key: x: missing value"
        ),
        (
            #"[{"op":"remove","path":""}]"#,
            #"remove operation does not apply: doc is missing path: "": missing value"#
        ),
        (
            #"[{"op":"replace","path":"/x","value":1}]"#,
            "replace operation does not apply: doc is missing key: /x: missing value"
        ),
        (#"[{"op":"test","path":"/s","value":"u"}]"#, "testing value /s failed: test failed"),
        (
            #"[{"op":"move","from":"/x","path":"/y"}]"#,
            "move operation does not apply: doc is missing from path: /x: missing value"
        ),
        (
            #"[{"op":"copy","from":"/x","path":"/y"}]"#,
            "copy operation does not apply: doc is missing from path: /x: missing value"
        ),
        (
            #"[{"op":"move","from":"/o","path":"/o/p/q"}]"#,
            "move operation does not apply: /o is moved into itself"
        ),
    ])
    func `says why an operation does not apply`(patch: String, message: String) throws {
        let document = try JSONValue(parsing: #"{"a":[1],"s":"t","o":{"p":{}}}"#)
        let patch = try JSONPatch(JSONValue(parsing: patch))
        let error = #expect(throws: JSONPatchError.self) { try patch.apply(to: document) }
        #expect(error?.description == message)
        #expect(error?.reason == .doesNotApply)
    }

    @Test(arguments: [
        (#"{}"#, "json: cannot unmarshal object into Go value of type jsonpatch.Patch"),
        (#"["x"]"#, "json: cannot unmarshal string into Go value of type jsonpatch.Operation"),
        (#"[{"op":"jump","path":"/a"}]"#, "Unexpected kind: jump"),
        (#"[{"op":"add","path":"a","value":1}]"#, "add operation failed to decode path"),
        (#"[{"op":"add","value":1}]"#, "add operation failed to decode path"),
        (#"[{"op":"move","path":"/a"}]"#, "move operation failed to decode from"),
        (#"[{"op":"add","path":"/a"}]"#, #"add operation of path "/a" has no value"#),
    ])
    func `refuses what is no patch`(patch: String, message: String) throws {
        let value = try JSONValue(parsing: patch)
        let error = #expect(throws: JSONPatchError.self) { try JSONPatch(value) }
        #expect(error?.description == message)
        #expect(error?.reason == .malformed)
    }

    @Test func `limits the number of operations`() {
        let operation: JSONValue = ["op": "remove", "path": "/a"]
        let error = #expect(throws: JSONPatchError.self) {
            try JSONPatch(.array(Array(repeating: operation, count: 10_001)))
        }
        #expect(error?.description == "The allowed maximum operations in a JSON patch is 10000, got 10001")
        #expect(error?.reason == .tooLarge)
    }

    @Test func `limits what copies add`() throws {
        let copy: JSONValue = ["op": "copy", "from": "/a", "path": "/a/-"]
        let patch = try JSONPatch(.array(Array(repeating: copy, count: 40)))
        let error = #expect(throws: JSONPatchError.self) { try patch.apply(to: ["a": ["x"]]) }
        #expect(error?.reason == .tooLarge)
    }

    @Test func `keeps documents within the depth that parsers read`() throws {
        var nested: JSONValue = .array([])
        for _ in 0..<300 { nested = .array([nested]) }
        let path = String(repeating: "/0", count: 299)
        let patch = try JSONPatch([["op": "add", "path": .string("/a\(path)"), "value": nested]])
        let error = #expect(throws: JSONPatchError.self) { try patch.apply(to: ["a": nested]) }
        #expect(error?.reason == .tooLarge)
    }
}
