internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// What comes in as a body: JSON, YAML, protobuf.
enum Documents {
    /// What has been read and written once is written the same ever after.
    static func json(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let value = try? JSONParser.parse(bytes) else { return }
        let written = JSONWriter.bytes(value)
        guard let again = try? JSONParser.parse(written) else {
            throw FuzzFailure(description: "what was written cannot be read: \(written.text)")
        }
        try FuzzFailure.unless(JSONWriter.bytes(again) == written, "written differently: \(written.text)")
        // The scanner finds in the text what the parser has found.
        guard let (key, member) = value.object?.members.first.map({ ($0.key, $0.value) }) else { return }
        let found = EncodedValue(written)[EncodedPath(key)]?.decoded
        try FuzzFailure.unless(found == member, "the scanner does not find \(key)")
    }

    static func yaml(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let values = try? YAML.parse(bytes) else { return }
        for value in values {
            let written = YAML.write(value)
            guard let again = try? YAML.parse(written) else {
                throw FuzzFailure(description: "what was written cannot be read: \(written.text)")
            }
            try FuzzFailure.unless(
                again.count == 1 && again.first == value, "read differently: \(written.text)")
        }
    }

    /// An envelope; without one the input is the body of a Pod.
    static func protobuf(_ bytes: [UInt8]) throws(FuzzFailure) {
        try enveloped(bytes)
        try enveloped(podEnvelope(bytes))
    }

    private static func enveloped(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let decoded = try? ProtobufDecoder.decode(bytes) else { return }
        guard let object = decoded.value.object, let written = ProtobufEncoder.encode(object) else { return }
        guard let again = try? ProtobufDecoder.decode(written) else {
            throw FuzzFailure(description: "what was written cannot be read")
        }
        guard let second = again.value.object, let rewritten = ProtobufEncoder.encode(second) else {
            throw FuzzFailure(description: "what was read again cannot be written")
        }
        try FuzzFailure.unless(rewritten == written, "written differently")
    }

    /// `k8s\0`, then the message Unknown with its TypeMeta (1) and raw bytes (2).
    private static func podEnvelope(_ raw: [UInt8]) -> [UInt8] {
        let version: [UInt8] = [0x0a, 0x02] + "v1".utf8
        let kind: [UInt8] = [0x12, 0x03] + "Pod".utf8
        return Array("k8s\0".utf8) + [0x0a, UInt8(version.count + kind.count)] + version + kind
            + [0x12] + varint(raw.count) + raw
    }

    private static func varint(_ count: Int) -> [UInt8] {
        var rest = count
        var bytes: [UInt8] = []
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    static func base64(_ bytes: [UInt8]) throws(FuzzFailure) {
        try FuzzFailure.unless(Base64.decode(Base64.encode(bytes)) == bytes, "decoded differently")
        _ = Base64.decode(bytes.text)
        _ = Base64.check(bytes.text)
    }
}
