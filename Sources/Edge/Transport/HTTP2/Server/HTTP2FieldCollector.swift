/// Gathers the fields of a request and judges them (RFC 9113 section 8): a request with a field that it must not
/// have is malformed, one with too many is answered with 431.
struct HTTP2FieldCollector {
    private enum Pseudo: Int { case method, scheme, authority, path }

    /// Names and values one behind the other; the decoder appends to them.
    var bytes: [UInt8] = []
    private(set) var isTooLarge = false
    private(set) var isMalformed = false
    private var ranges: [HTTPFieldBlock.Range] = []
    private var pseudo: [Range<Int>?] = [nil, nil, nil, nil]
    private var framing = HTTPFraming()
    private var size = 0
    private let limit: Int

    /// - Parameter limit: of the list's size as SETTINGS_MAX_HEADER_LIST_SIZE counts it.
    init(limit: Int) {
        self.limit = limit
        bytes.reserveCapacity(512)
        ranges.reserveCapacity(10)
    }

    /// Takes the field that was appended behind `start`.
    mutating func end(from start: Int, nameLength: Int) {
        let name = start..<(start + nameLength)
        let value = name.upperBound..<bytes.count
        size += bytes.count - start + 32
        guard size <= limit, ranges.count < HTTPHeadParser.maximumFields else {
            isTooLarge = true
            bytes.removeLast(bytes.count - start)
            return
        }
        guard nameLength > 0, bytes[value].allSatisfy(ASCIIText.isFieldByte) else {
            isMalformed = true
            return
        }
        if bytes[start] == UInt8(ascii: ":") {
            takePseudo(name, value)
            return
        }
        guard bytes[name].allSatisfy({ ASCIIText.isToken($0) && ASCIIText.lower($0) == $0 }) else {
            isMalformed = true
            return
        }
        ranges.append(Self.range(name, value))
        note(name, value)
    }

    private mutating func takePseudo(_ name: Range<Int>, _ value: Range<Int>) {
        let kind: Pseudo? =
            switch bytes[name.dropFirst()] {
            case let text where text.elementsEqual("method".utf8): .method
            case let text where text.elementsEqual("path".utf8): .path
            case let text where text.elementsEqual("scheme".utf8): .scheme
            case let text where text.elementsEqual("authority".utf8): .authority
            default: nil
            }
        guard let kind, ranges.isEmpty, pseudo[kind.rawValue] == nil else {
            isMalformed = true
            return
        }
        pseudo[kind.rawValue] = value
    }

    /// The fields that matter to the connection, told apart by length first.
    private mutating func note(_ name: Range<Int>, _ value: Range<Int>) {
        func isNamed(_ text: StaticString) -> Bool {
            text.withUTF8Buffer { bytes[name].elementsEqual($0) }
        }
        switch name.count {
        case 2 where isNamed("te"):
            if !ASCIIText.equal(bytes[value], "trailers".utf8) { isMalformed = true }
        case 4 where isNamed("host"): framing.hostCount += 1
        case 6 where isNamed("expect"): framing.expectsContinue = true
        case 7 where isNamed("upgrade"), 10 where isNamed("connection"), 10 where isNamed("keep-alive"),
            16 where isNamed("proxy-connection"), 17 where isNamed("transfer-encoding"):
            isMalformed = true
        case 14 where isNamed("content-length"):
            guard value.count <= 18, !value.isEmpty, bytes[value].allSatisfy(ASCIIText.isDigit) else {
                isMalformed = true
                return
            }
            let length = bytes[value].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            if let known = framing.contentLength, known != length { isMalformed = true }
            framing.contentLength = length
        default: break
        }
    }

    /// The request; nil when it is malformed. `:authority` is shown as the `host` field that HTTP/1.1 has.
    mutating func head() -> HTTPRequestHead? {
        guard !isMalformed, framing.hostCount <= 1, let method = pseudo[Pseudo.method.rawValue],
            let path = pseudo[Pseudo.path.rawValue], pseudo[Pseudo.scheme.rawValue] != nil, !path.isEmpty,
            !method.isEmpty, method.count <= 32, bytes[method].allSatisfy(ASCIIText.isToken),
            bytes[path].allSatisfy({ $0 > 0x20 && $0 < 0x7f }), let target = HTTPTarget(bytes[path])
        else { return nil }
        if framing.hostCount == 0, let authority = pseudo[Pseudo.authority.rawValue] {
            let start = bytes.count
            bytes.append(contentsOf: "host".utf8)
            ranges.append(Self.range(start..<bytes.count, authority))
        }
        return HTTPRequestHead(
            method: HTTPMethod(String(decoding: bytes[method], as: UTF8.self)),
            rawTarget: String(decoding: bytes[path], as: UTF8.self), target: target, minorVersion: 1,
            fields: HTTPFieldBlock(bytes: bytes, ranges: ranges), framing: framing)
    }

    private static func range(_ name: Range<Int>, _ value: Range<Int>) -> HTTPFieldBlock.Range {
        HTTPFieldBlock.Range(
            nameStart: Int32(name.lowerBound), nameEnd: Int32(name.upperBound),
            valueStart: Int32(value.lowerBound), valueEnd: Int32(value.upperBound))
    }
}
