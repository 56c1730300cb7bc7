import EdgeJSON
import Testing

struct EncodedValueTests {
    private static let object: JSONValue = [
        "apiVersion": "v1",
        "metadata": [
            "annotations": ["text": "a \"quoted\" \\ and {\"json\": [1, 2}]}", "empty": ""],
            "labels": ["app": "web", "app.kubernetes.io/name": "a\"b\\c\n", "é": "漢", "other": ""],
            "name": "web-1", "generation": 12, "deletionTimestamp": .null,
        ],
        "spec": [
            "containers": [["name": "nodeName"], ["env": [["name": "x"]]]], "nodeName": "n1",
            "hostNetwork": true,
        ],
        "status": .object([:]),
    ]

    @Test(arguments: [
        ["apiVersion"], ["metadata"], ["metadata", "labels"], ["metadata", "labels", "app"],
        ["metadata", "labels", "app.kubernetes.io/name"], ["metadata", "labels", "é"],
        ["metadata", "generation"],
        ["metadata", "deletionTimestamp"], ["metadata", "annotations", "empty"], ["spec", "nodeName"],
        ["spec", "hostNetwork"], ["spec", "containers"], ["status"], [],
        // Absent.
        ["name"], ["metadata", "nam"], ["spec", "containers", "name"], ["status", "phase"],
        ["apiVersion", "x"],
    ])
    func `finds what the tree has`(path: [String]) {
        var expected: JSONValue? = Self.object
        for key in path { expected = expected?[key] }
        let found = EncodedValue(Self.object.encoded)[EncodedPath(path)]
        #expect(found?.decoded == expected)
        #expect(found?.string == expected?.string)
        #expect(found?.isNull == expected?.isNull)
    }

    @Test(arguments: [("web", "app"), ("a\"b\\c\n", "app.kubernetes.io/name"), ("漢", "é"), ("", "other")])
    func `compares strings without decoding`(value: String, key: String) throws {
        let labels = try #require(EncodedValue(Self.object.encoded)[EncodedPath("metadata", "labels")])
        let label = try #require(labels[EncodedPath(key)])
        #expect(label.isString(value))
        #expect(!label.isString(value + "x"))
        #expect(!label.isString("wub"))
    }

    @Test func `visits the strings of an object`() throws {
        let labels = try #require(EncodedValue(Self.object.encoded)[EncodedPath("metadata", "labels")])
        var seen: [String: String] = [:]
        labels.forEachStringMember { key, value in
            seen[key] = value.string
            return true
        }
        #expect(seen == ["app": "web", "app.kubernetes.io/name": "a\"b\\c\n", "é": "漢", "other": ""])
        var count = 0
        labels.forEachStringMember { _, _ in
            count += 1
            return false
        }
        #expect(count == 1)
    }

    /// Every prefix, and every text with one byte changed, is read to its end at most.
    @Test func `survives damaged texts`() {
        let bytes = Self.object.encoded
        let paths = [
            EncodedPath("spec", "nodeName"), EncodedPath("metadata", "labels"), EncodedPath("status", "x"),
        ]
        for length in 0..<bytes.count {
            for path in paths {
                let found = EncodedValue(Array(bytes[..<length]))[path]
                found?.forEachStringMember { _, value in value.string != "x" }
                _ = found?.isString("n1")
            }
        }
        for place in bytes.indices {
            for byte in Array("\"\\{}[]:,x".utf8) {
                var damaged = bytes
                damaged[place] = byte
                for path in paths {
                    let found = EncodedValue(damaged)[path]
                    found?.forEachStringMember { _, value in value.string != "x" }
                }
            }
        }
    }
}
