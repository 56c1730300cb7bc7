import EdgeJSON
import Testing

struct MergePatchTests {
    /// The examples of RFC 7386, appendix A.
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ])
    func `applies as the standard says`(document: String, patch: String, result: String) throws {
        #expect(
            try MergePatch.apply(JSONValue(parsing: patch), to: JSONValue(parsing: document))
                == JSONValue(parsing: result))
    }

    @Test(arguments: [
        (#"{"a":1}"#, #"{"a":1}"#, "{}"), (#"{"a":1}"#, #"{"a":2}"#, #"{"a":2}"#),
        (#"{"a":1}"#, "{}", #"{"a":null}"#),
        (#"{"a":{"b":1,"c":2}}"#, #"{"a":{"b":1,"c":3}}"#, #"{"a":{"c":3}}"#),
        (#"{"a":[1,2]}"#, #"{"a":[1,3]}"#, #"{"a":[1,3]}"#),
        (#"{"a":{"b":1}}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        ("{}", #"{"a":{"b":{}}}"#, #"{"a":{"b":{}}}"#),
    ])
    func `finds the difference`(original: String, modified: String, patch: String) throws {
        let original = try #require(try JSONValue(parsing: original).object)
        let modified = try #require(try JSONValue(parsing: modified).object)
        let difference = MergePatch.difference(from: original, to: modified)
        #expect(try .object(difference) == JSONValue(parsing: patch))
        #expect(MergePatch.apply(.object(difference), to: .object(original)) == .object(modified))
    }

    @Test(arguments: [
        // A member of the last configuration that is gone is removed; what others set stays.
        (#"{"a":1,"b":2}"#, #"{"a":1}"#, #"{"a":1,"b":2,"c":3}"#, #"{"b":null}"#),
        // Drift is set back.
        (#"{"a":1}"#, #"{"a":1}"#, #"{"a":5}"#, #"{"a":1}"#),
        // Lists are replaced whole.
        (#"{"a":[1]}"#, #"{"a":[1,2]}"#, #"{"a":[1]}"#, #"{"a":[1,2]}"#),
        (
            #"{"a":{"b":1,"c":1}}"#, #"{"a":{"c":2,"d":{}}}"#, #"{"a":{"b":1,"c":1,"x":1}}"#,
            #"{"a":{"c":2,"d":{},"b":null}}"#
        ),
        (#"{}"#, #"{"a":1}"#, #"{"a":1}"#, "{}"),
        // Gone already: asked for all the same, as kubectl does.
        (#"{"a":1}"#, "{}", "{}", #"{"a":null}"#),
    ])
    func `makes three-way patches`(original: String, modified: String, current: String, patch: String) throws
    {
        let patches = MergePatch.threeWay(
            original: try #require(try JSONValue(parsing: original).object),
            modified: try #require(try JSONValue(parsing: modified).object),
            current: try #require(try JSONValue(parsing: current).object))
        #expect(try .object(patches) == JSONValue(parsing: patch))
    }
}
