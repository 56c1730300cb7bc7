import EdgeJSON
import Testing

/// The expected texts are what `kubectl annotate --local -o yaml` printed for the same values.
struct YAMLWriteTests {
    @Test func `writes blocks as kubectl does`() throws {
        let value = try JSONValue(
            parsing: """
                {"apiVersion":"v1","items":[],"kind":"Pod","metadata":{"annotations":{},"name":"a"},"spec":{
                "containers":[{"args":["-x","yes"],"name":"c","ports":[{"containerPort":80}]}],"replicas":1,
                "ratio":0.5,"on":true,"none":null,"nested":[[1,2],[]]}}
                """)
        #expect(
            String(decoding: YAML.write(value), as: UTF8.self) == """
                apiVersion: v1
                items: []
                kind: Pod
                metadata:
                  annotations: {}
                  name: a
                spec:
                  containers:
                  - args:
                    - -x
                    - "yes"
                    name: c
                    ports:
                    - containerPort: 80
                  replicas: 1
                  ratio: 0.5
                  "on": true
                  none: null
                  nested:
                  - - 1
                    - 2
                  - []

                """)
    }

    @Test(arguments: [
        ("", #""""#), ("a", "a"), ("yes", #""yes""#), ("y", #""y""#), ("null", #""null""#), ("1", #""1""#),
        ("1.5", #""1.5""#), ("0x10", #""0x10""#), ("012", #""012""#), ("1.2.3", "1.2.3"),
        ("2026-01-01T00:00:00Z", #""2026-01-01T00:00:00Z""#), ("12:30", #""12:30""#), ("12:99", "12:99"),
        ("a: b", "'a: b'"), ("a:b", "a:b"), (" a", "' a'"), ("- a", "'- a'"), ("-a", "-a"), ("#a", "'#a'"),
        ("a #b", "'a #b'"), ("*a", "'*a'"), ("@a", "'@a'"), ("%a", "'%a'"), ("'a'", "'''a'''"),
        ("a'b", "a'b"),
        (#"{"a": "b"}"#, #"'{"a": "b"}'"#), ("tab\there", #""tab\there""#), ("é ü 漢", "é ü 漢"),
        ("a\u{1}", #""a\x01""#), ("multi\nline", "|-\n  multi\n  line"),
        ("multi\nline\n", "|\n  multi\n  line"),
        ("  lead\nx", "|2-\n    lead\n  x"), ("---", "'---'"), ("~", #""~""#), (".5", #"".5""#), (".", "."),
    ])
    func `quotes exactly what must be quoted`(text: String, yaml: String) {
        let value: JSONValue = ["k": .string(text), "z": 1]
        #expect(String(decoding: YAML.write(value), as: UTF8.self) == "k: \(yaml)\nz: 1\n")
    }

    @Test func `folds long lines at 80 columns`() {
        let text = Array(repeating: "word", count: 20).joined(separator: " ")
        #expect(
            String(decoding: YAML.write(["k": .string(text)]), as: UTF8.self) == """
                k: word word word word word word word word word word word word word word word word
                  word word word word

                """)
    }

    @Test(arguments: [
        "", " ", "\n", "\n\n", "a\n", "a\n\n", "\na", "a\r\nb", "\u{feff}", "\u{2028}x", "🚀", "- a\n- b",
        "# c\nb", "<<",
        "\t", "a\n b\n\n\nc", "...", "a \nb", "-----BEGIN X-----\nab==\n-----END X-----\n", "\u{0}", "\u{85}",
    ])
    func `reads back what it wrote`(text: String) throws {
        let value: JSONValue = [.string(text), ["key": .string(text)], .object([text: 1])]
        #expect(try YAML.parse(YAML.write(value)) == [value])
    }

    @Test(arguments: [
        (1.5, "1.5"), (1e6, "1e+06"), (1.25e-7, "1.25e-07"), (123456.5, "123456.5"), (-0.25, "-0.25"),
    ])
    func `writes floating-point numbers as Go does`(number: Double, text: String) {
        #expect(String(decoding: YAML.write(.double(number)), as: UTF8.self) == text + "\n")
    }
}
