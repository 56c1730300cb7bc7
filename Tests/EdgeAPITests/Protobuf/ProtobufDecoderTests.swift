import EdgeAPI
import EdgeJSON
import Testing

struct ProtobufDecoderTests {
    private static func decode(_ bytes: [UInt8]) throws -> (kind: GroupVersionKind, json: String) {
        let result = try ProtobufDecoder.decode(bytes)
        return (result.kind, result.value.description)
    }

    /// A frame around an object: magic, typeMeta, raw.
    private static func frame(_ apiVersion: String, _ kind: String, _ raw: [UInt8]) -> [UInt8] {
        var typeMeta = ProtobufWriter()
        typeMeta.field(1, string: apiVersion)
        typeMeta.field(2, string: kind)
        var unknown = ProtobufWriter()
        unknown.field(1, message: typeMeta)
        unknown.field(2, bytes: raw)
        return [0x6b, 0x38, 0x73, 0x00] + unknown.bytes
    }

    /// What client-go sends for a ConfigMap with one entry.
    @Test func `decodes a ConfigMap byte by byte`() throws {
        let bytes: [UInt8] = [
            0x6b, 0x38, 0x73, 0x00,  // "k8s\0"
            0x0a, 0x0f,  // typeMeta, 15 bytes
            0x0a, 0x02, 0x76, 0x31,  // apiVersion "v1"
            0x12, 0x09, 0x43, 0x6f, 0x6e, 0x66, 0x69, 0x67, 0x4d, 0x61, 0x70,  // kind "ConfigMap"
            0x12, 0x1b,  // raw, 27 bytes
            0x0a, 0x11,  // metadata
            0x0a, 0x01, 0x61,  // name "a"
            0x12, 0x00,  // generateName ""
            0x1a, 0x00,  // namespace ""
            0x22, 0x00, 0x2a, 0x00, 0x32, 0x00,  // selfLink, uid, resourceVersion ""
            0x38, 0x00,  // generation 0
            0x42, 0x00,  // creationTimestamp, the zero time
            0x12, 0x06,  // data
            0x0a, 0x01, 0x6b,  // key "k"
            0x12, 0x01, 0x76,  // value "v"
            0x1a, 0x00,  // contentEncoding ""
            0x22, 0x00,  // contentType ""
        ]
        let result = try ProtobufDecoder.decode(bytes)
        #expect(result.kind == GroupVersionKind(group: "", version: "v1", kind: "ConfigMap"))
        let type = try #require(Schema.shared.kind(result.kind))
        let canonical = try ObjectDecoder.decode(result.value, as: type).object
        #expect(
            JSONValue.object(canonical).description
                == #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"}}"#)
    }

    @Test(arguments: [
        // DeleteOptions of any group: gracePeriodSeconds 0, orphanDependents, policy, preconditions.
        (
            "apps/v1", "DeleteOptions",
            [0x08, 0x00, 0x12, 0x03, 0x0a, 0x01, 0x75, 0x22, 0x01, 0x42] as [UInt8],
            #"{"apiVersion":"apps/v1","kind":"DeleteOptions","gracePeriodSeconds":0,"preconditions":{"uid":"u"},"propagationPolicy":"B"}"#
        ),
        // A volume's source is inlined: spec.volumes[0] = name, volumeSource{emptyDir{sizeLimit}}.
        (
            "v1", "Pod",
            [
                0x12, 0x11, 0x0a, 0x0f, 0x0a, 0x01, 0x76, 0x12, 0x0a, 0x12, 0x08, 0x0a, 0x00, 0x12, 0x04,
                0x0a, 0x02,
                0x31, 0x4d,
            ],
            #"{"apiVersion":"v1","kind":"Pod","spec":{"volumes":[{"emptyDir":{"medium":"","sizeLimit":"1M"},"name":"v"}]}}"#
        ),
        // Negative numbers: PriorityClass value -1, times: Lease renewTime.
        (
            "scheduling.k8s.io/v1", "PriorityClass",
            [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            #"{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","value":-1}"#
        ),
        (
            "coordination.k8s.io/v1", "Lease",
            [0x12, 0x09, 0x22, 0x07, 0x08, 0x80, 0xa3, 0x05, 0x10, 0xe8, 0x07],
            #"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","spec":{"renewTime":"1970-01-02T00:00:00.000001Z"}}"#
        ),
        // Bytes: Secret data.
        (
            "v1", "Secret", [0x12, 0x07, 0x0a, 0x01, 0x61, 0x12, 0x02, 0x68, 0x69],
            #"{"apiVersion":"v1","kind":"Secret","data":{"a":"aGk="}}"#
        ),
        // Raw JSON: ControllerRevision data.
        (
            "apps/v1", "ControllerRevision", [0x12, 0x09, 0x0a, 0x07] + Array(#"{"a":1}"#.utf8),
            #"{"apiVersion":"apps/v1","kind":"ControllerRevision","data":{"a":1}}"#
        ),
        // A map of lists: SubjectAccessReview spec.extra.
        (
            "authorization.k8s.io/v1", "SubjectAccessReview",
            [0x12, 0x0d, 0x2a, 0x0b, 0x0a, 0x01, 0x6b, 0x12, 0x06, 0x0a, 0x01, 0x61, 0x0a, 0x01, 0x62],
            #"{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"extra":{"k":["a","b"]}}}"#
        ),
        // Unknown fields of all wire types are skipped.
        (
            "v1", "Namespace",
            [
                0xf8, 0x3f, 0x01, 0xfa, 0x3f, 0x01, 0x00, 0xf9, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0xfd, 0x3f, 0,
                0, 0, 0,
            ],
            #"{"apiVersion":"v1","kind":"Namespace"}"#
        ),
    ])
    func `decodes objects`(apiVersion: String, kind: String, raw: [UInt8], json: String) throws {
        #expect(try Self.decode(Self.frame(apiVersion, kind, raw)).json == json)
    }

    @Test func `tells ports by name from ports by number`() throws {
        let named: [UInt8] = [0x22, 0x09, 0x08, 0x01, 0x10, 0x00, 0x1a, 0x03, 0x77, 0x65, 0x62]
        let numbered: [UInt8] = [0x22, 0x06, 0x08, 0x00, 0x10, 0x50, 0x1a, 0x00]
        var spec = ProtobufWriter()
        spec.field(1, bytes: named)
        spec.field(1, bytes: numbered)
        var service = ProtobufWriter()
        service.field(2, message: spec)
        let result = try ProtobufDecoder.decode(Self.frame("v1", "Service", service.bytes))
        #expect(result.value["spec"]?["ports"] == [["targetPort": "web"], ["targetPort": 80]])
    }

    @Test(
        arguments: [
            ([], "provided data does not appear to be a protobuf message, expected prefix [107, 56, 115, 0]"),
            (frame("v1", "Nothing", []), #"no kind "Nothing" is registered for version "v1""#),
            (frame("v1", "Pod", [0x0a, 0x7f]), "unexpected EOF"),
            (frame("v1", "Pod", [0x08, 0x01]), "wrong wireType for field 1"),
            (frame("v1", "Pod", [0x0b]), "illegal wireType 3"),
            (
                frame(
                    "v1", "Namespace",
                    [
                        0x0a, 0x0e, 0x42, 0x0c, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
                        0x10, 0x00,
                    ]),
                "time 9223372036854775807 is out of range"
            ),
            (
                frame("apps/v1", "ControllerRevision", [0x12, 0x03, 0x0a, 0x01, 0x78]),
                "raw JSON: invalid character looking for the beginning of a value"
            ),
        ] as [([UInt8], String)])
    func `refuses broken objects`(bytes: [UInt8], message: String) {
        let error = #expect(throws: ProtobufError.self) { try ProtobufDecoder.decode(bytes) }
        #expect(error?.message == message)
    }

    @Test func `refuses endless nesting`() throws {
        // JSONSchemaProps.not (28) inside itself.
        var schema = ProtobufWriter()
        for _ in 0..<600 {
            var outer = ProtobufWriter()
            outer.field(28, message: schema)
            schema = outer
        }
        // CustomResourceDefinition.spec.versions[0].schema.openAPIV3Schema
        var bytes = schema.bytes
        for number in [1, 4, 7, 2] {
            var outer = ProtobufWriter()
            outer.field(number, bytes: bytes)
            bytes = outer.bytes
        }
        let error = #expect(throws: ProtobufError.self) {
            try ProtobufDecoder.decode(
                Self.frame("apiextensions.k8s.io/v1", "CustomResourceDefinition", bytes))
        }
        #expect(error?.message == "exceeded the maximum nesting depth")
    }

    @Test func `survives truncation at every byte`() throws {
        let type = try #require(Schema.shared.kind(apiVersion: "v1", kind: "Pod"))
        var generator = SampleObjects(depth: 4)
        let bytes = try #require(ProtobufEncoder.encode(generator.object(type)))
        for length in stride(from: 0, to: bytes.count, by: 3) {
            _ = try? ProtobufDecoder.decode(Array(bytes[..<length]))
        }
    }

    @Test func `survives damaged bytes`() throws {
        let type = try #require(Schema.shared.kind(apiVersion: "v1", kind: "Service"))
        var generator = SampleObjects(depth: 4)
        let bytes = try #require(ProtobufEncoder.encode(generator.object(type)))
        for place in bytes.indices {
            for byte: UInt8 in [0x00, 0x7f, 0x80, 0xff, bytes[place] ^ 0x07] {
                var damaged = bytes
                damaged[place] = byte
                guard let result = try? ProtobufDecoder.decode(damaged) else { continue }
                _ = try? ObjectDecoder.decode(result.value, as: type)
            }
        }
    }

    @Test(arguments: Schema.shared.types.compactMap(\.groupVersionKind))
    func `round trips every kind`(kind: GroupVersionKind) throws {
        let type = try #require(Schema.shared.kind(kind))
        var generator = SampleObjects(depth: 7)
        let canonical = try ObjectDecoder.decode(.object(generator.object(type)), as: type)
        #expect(canonical.unknownFields == [])
        // The kinds of discovery have no protobuf form for kind and apiVersion inside.
        let bytes = try #require(ProtobufEncoder.encode(canonical.object))
        let decoded = try ProtobufDecoder.decode(bytes)
        #expect(decoded.kind == kind)
        let again = try ObjectDecoder.decode(decoded.value, as: type)
        #expect(JSONValue.object(again.object) == JSONValue.object(canonical.object))
    }
}
