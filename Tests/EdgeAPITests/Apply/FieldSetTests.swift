import EdgeJSON
import Testing

@testable import EdgeAPI

@Suite struct FieldSetTests {
    @Test(arguments: [
        ("f:a", "f:b"), ("f:z", "k:{\"name\":\"a\"}"), ("k:{\"name\":\"a\"}", "v:\"a\""), ("v:\"z\"", "i:0"),
        ("k:{\"containerPort\":80}", "k:{\"containerPort\":443}"), ("v:9", "v:10"), ("i:2", "i:10"),
        ("k:{\"name\":\"web10\"}", "k:{\"name\":\"web9\"}"), ("v:\"a\"", "v:\"ab\""),
    ])
    func elementsAreOrdered(_ first: String, _ second: String) {
        #expect(PathElement.precedes(first, second))
        #expect(!PathElement.precedes(second, first))
        #expect(!PathElement.precedes(first, first))
    }

    @Test(arguments: [
        ("f:spec", ".spec"), ("k:{\"name\":\"web\"}", "[name=\"web\"]"), ("v:\"x\"", "[=\"x\"]"),
        ("i:3", "[3]"),
        ("k:{\"containerPort\":80,\"protocol\":\"TCP\"}", "[containerPort=80,protocol=\"TCP\"]"),
    ])
    func elementsReadWell(_ element: String, _ text: String) {
        #expect(PathElement.description(element) == text)
    }

    @Test(arguments: [
        "{}", #"{"f:a":{}}"#, #"{"f:a":{".":{},"f:b":{}},"f:c":{"v:\"x\"":{}}}"#,
        #"{"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}"#,
    ])
    func fieldsV1ComesBack(_ text: String) throws {
        let set = try set(text)
        #expect(JSONValue.object(set.fieldsV1).description == text)
    }

    @Test func whatClientsWroteIsBroughtIntoOneForm() throws {
        let set = try set(#"{"f:b":{},"f:a":{"k:{\"protocol\": \"TCP\", \"containerPort\": 80}":{}}}"#)
        #expect(
            JSONValue.object(set.fieldsV1).description
                == #"{"f:a":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{}},"f:b":{}}"#)
    }

    @Test(arguments: [#"{"a":{}}"#, #"{"x:a":{}}"#, #"{"f:a":1}"#, #"{"k:{":{}}"#, #"{"i:x":{}}"#])
    func nonsenseIsNoFieldSet(_ text: String) throws {
        let object = try #require(try JSONValue(parsing: text).object)
        #expect(FieldSet(fieldsV1: object) == nil)
    }

    struct Algebra: Sendable {
        let left: String
        let right: String
        let union: String
        let intersection: String
        let difference: String
        let recursive: String
    }

    @Test(arguments: [
        Algebra(
            left: #"{"f:a":{},"f:b":{}}"#, right: #"{"f:b":{},"f:c":{}}"#,
            union: #"{"f:a":{},"f:b":{},"f:c":{}}"#, intersection: #"{"f:b":{}}"#, difference: #"{"f:a":{}}"#,
            recursive: #"{"f:a":{}}"#),
        // A parent's membership and its children's are things apart.
        Algebra(
            left: #"{"f:a":{".":{},"f:b":{}}}"#, right: #"{"f:a":{}}"#,
            union: #"{"f:a":{".":{},"f:b":{}}}"#, intersection: #"{"f:a":{}}"#,
            difference: #"{"f:a":{"f:b":{}}}"#, recursive: "{}"),
        Algebra(
            left: #"{"f:a":{}}"#, right: #"{"f:a":{"f:b":{}}}"#,
            union: #"{"f:a":{".":{},"f:b":{}}}"#, intersection: "{}", difference: #"{"f:a":{}}"#,
            recursive: #"{"f:a":{}}"#),
        Algebra(
            left: #"{"f:a":{"f:b":{},"f:c":{}}}"#, right: #"{"f:a":{"f:b":{},"f:c":{}}}"#,
            union: #"{"f:a":{"f:b":{},"f:c":{}}}"#, intersection: #"{"f:a":{"f:b":{},"f:c":{}}}"#,
            difference: "{}", recursive: "{}"),
    ])
    func setsCombine(_ row: Algebra) throws {
        let (left, right) = (try set(row.left), try set(row.right))
        #expect(try left.union(right) == set(row.union))
        #expect(try left.intersection(right) == set(row.intersection))
        #expect(try left.subtracting(right) == set(row.difference))
        #expect(try left.subtractingRecursively(right) == set(row.recursive))
        // Taking out of the encoded form is the same thing.
        let removed = right.removed(from: left.fieldsV1) ?? left.fieldsV1
        #expect(try FieldSet(fieldsV1: removed) == set(row.difference))
    }

    @Test func pathsAreListedLevelByLevel() throws {
        let set = try set(#"{"f:a":{"f:b":{}},"f:c":{}}"#)
        #expect(set.descriptions == [".c", ".a.b"])
        #expect(FieldSet(paths: set.members) == set)
        #expect(set.contains(["f:a", "f:b"]) && !set.contains(["f:a"]) && !set.contains(["f:x", "f:y"]))
    }

    private func set(_ text: String) throws -> FieldSet {
        try #require(try JSONValue(parsing: text).object.flatMap { FieldSet(fieldsV1: $0) })
    }
}
