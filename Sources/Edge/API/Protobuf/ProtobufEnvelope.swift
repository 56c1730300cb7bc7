internal import EdgeJSON

/// The frame around every protobuf object of Kubernetes: four magic bytes and a `runtime.Unknown` message
/// that names the kind and carries the object.
struct ProtobufEnvelope {
    static let magic: [UInt8] = [0x6b, 0x38, 0x73, 0x00]
    static let contentType = "application/vnd.kubernetes.protobuf"

    var apiVersion = ""
    var kind = ""
    /// Where the object stands.
    var raw: Range<Int> = 0..<0

    static func isEnvelope(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: magic) }

    init(_ bytes: [UInt8], _ range: Range<Int>) throws(ProtobufError) {
        guard Self.isEnvelope(bytes[range]) else {
            throw ProtobufError(
                "provided data does not appear to be a protobuf message, expected prefix \(Self.magic)",
                offset: range.lowerBound)
        }
        raw = range.upperBound..<range.upperBound
        var reader = ProtobufReader(bytes, range.dropFirst(Self.magic.count))
        while let field = try reader.next() {
            guard case .bytes(let value) = field.value else { continue }
            switch field.number {
            case 1: try readTypeMeta(bytes, value)
            case 2: raw = value
            case 3 where !value.isEmpty:
                throw ProtobufError("unsupported content encoding of the object", offset: field.offset)
            case 4 where !value.isEmpty && !bytes[value].elementsEqual(Self.contentType.utf8):
                throw ProtobufError("unsupported content type of the object", offset: field.offset)
            default: break
            }
        }
    }

    private mutating func readTypeMeta(_ bytes: [UInt8], _ range: Range<Int>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes, range)
        while let field = try reader.next() {
            guard case .bytes(let value) = field.value else { continue }
            let text = String(decoding: bytes[value], as: UTF8.self)
            if field.number == 1 { apiVersion = text }
            if field.number == 2 { kind = text }
        }
    }

    static func wrap(_ object: ProtobufWriter, apiVersion: String, kind: String) -> [UInt8] {
        var typeMeta = ProtobufWriter()
        typeMeta.field(1, string: apiVersion)
        typeMeta.field(2, string: kind)
        var unknown = ProtobufWriter()
        unknown.field(1, message: typeMeta)
        unknown.field(2, message: object)
        unknown.field(3, string: "")
        unknown.field(4, string: "")
        return magic + unknown.bytes
    }
}
