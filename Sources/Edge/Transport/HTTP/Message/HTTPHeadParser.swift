/// How the body of a message is delimited (RFC 9112 section 6).
enum HTTPBodyFraming: Equatable, Sendable {
    case none
    case length(Int)
    case chunked
    /// A response that ends with its connection.
    case untilClose
}

/// What the header fields say about the connection and the body.
struct HTTPFraming: Equatable, Sendable {
    var contentLength: Int?
    var isChunked = false
    var closes = false
    var keepsAlive = false
    var upgrades = false
    var expectsContinue = false
    var hostCount = 0
}

/// Takes a head apart, strictly: what two programs could read in two ways (a bare line feed, a folded line,
/// both Content-Length and Transfer-Encoding) is refused, because such a message can smuggle a second one.
struct HTTPHeadParser {
    static let maximumFields = 200

    private let bytes: [UInt8]
    private var index = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// From the bytes of a whole head, as `HTTPHeadCollector` cuts it out.
    static func request(_ bytes: [UInt8]) throws(HTTPSyntaxError) -> HTTPRequestHead {
        var parser = HTTPHeadParser(bytes)
        return try parser.request()
    }

    static func response(_ bytes: [UInt8]) throws(HTTPSyntaxError) -> HTTPResponseHead {
        var parser = HTTPHeadParser(bytes)
        return try parser.response()
    }

    private mutating func request() throws(HTTPSyntaxError) -> HTTPRequestHead {
        let methodStart = index
        while index < bytes.count, ASCIIText.isToken(bytes[index]) { index += 1 }
        let method = bytes[methodStart..<index]
        guard !method.isEmpty, method.count <= 32, take(0x20) else {
            throw HTTPSyntaxError("malformed HTTP request: no method")
        }
        let targetStart = index
        while index < bytes.count, bytes[index] > 0x20, bytes[index] < 0x7f { index += 1 }
        let target = bytes[targetStart..<index]
        guard !target.isEmpty, take(0x20) else {
            throw HTTPSyntaxError("malformed HTTP request: bad request target")
        }
        let minor = try version()
        try endOfLine()
        let (fields, framing) = try fields()
        if minor == 1, framing.hostCount != 1 {
            throw HTTPSyntaxError("malformed HTTP request: \(framing.hostCount) Host headers instead of one")
        }
        let isConnect = method.elementsEqual("CONNECT".utf8)
        guard let parsed = isConnect ? HTTPTarget("/") : HTTPTarget(target) else {
            throw HTTPSyntaxError("malformed HTTP request: bad request target")
        }
        return HTTPRequestHead(
            method: HTTPMethod(String(decoding: method, as: UTF8.self)),
            rawTarget: String(decoding: target, as: UTF8.self),
            target: parsed, minorVersion: minor,
            fields: HTTPFieldBlock(bytes: bytes, ranges: fields), framing: framing)
    }

    private mutating func response() throws(HTTPSyntaxError) -> HTTPResponseHead {
        let minor = try version()
        guard take(0x20), index + 3 <= bytes.count, bytes[index..<(index + 3)].allSatisfy(ASCIIText.isDigit)
        else { throw HTTPSyntaxError("malformed HTTP response: bad status line") }
        let status = bytes[index..<(index + 3)].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard status >= 100 else { throw HTTPSyntaxError("malformed HTTP response: bad status code") }
        index += 3
        if take(0x20) {
            while index < bytes.count, ASCIIText.isFieldByte(bytes[index]) { index += 1 }
        }
        try endOfLine()
        let (fields, framing) = try fields()
        return HTTPResponseHead(
            status: HTTPStatus(status), minorVersion: minor,
            fields: HTTPFieldBlock(bytes: bytes, ranges: fields), framing: framing)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func endOfLine() throws(HTTPSyntaxError) {
        guard take(0x0d), take(0x0a) else { throw HTTPSyntaxError("malformed HTTP message: bad line end") }
    }

    /// `HTTP/1.0` or `HTTP/1.1`: the minor version.
    private mutating func version() throws(HTTPSyntaxError) -> Int {
        guard index + 8 <= bytes.count, bytes[index..<(index + 5)].elementsEqual("HTTP/".utf8) else {
            throw HTTPSyntaxError("malformed HTTP message: no HTTP version")
        }
        let major = bytes[index + 5]
        let minor = bytes[index + 7]
        guard major == UInt8(ascii: "1"), bytes[index + 6] == UInt8(ascii: "."),
            minor == UInt8(ascii: "0") || minor == UInt8(ascii: "1")
        else { throw HTTPSyntaxError("HTTP version not supported", status: 505) }
        index += 8
        return Int(minor - UInt8(ascii: "0"))
    }

    private mutating func fields() throws(HTTPSyntaxError) -> ([HTTPFieldBlock.Range], HTTPFraming) {
        var ranges: [HTTPFieldBlock.Range] = []
        ranges.reserveCapacity(10)
        var framing = HTTPFraming()
        while index < bytes.count, bytes[index] != 0x0d {
            guard ranges.count < Self.maximumFields else {
                throw HTTPSyntaxError("more than \(Self.maximumFields) header fields", status: 431)
            }
            let range = try field()
            ranges.append(range)
            try note(range, &framing)
        }
        try endOfLine()
        if framing.isChunked, framing.contentLength != nil {
            throw HTTPSyntaxError("malformed HTTP message: both Content-Length and Transfer-Encoding")
        }
        return (ranges, framing)
    }

    private mutating func field() throws(HTTPSyntaxError) -> HTTPFieldBlock.Range {
        let nameStart = index
        while index < bytes.count, ASCIIText.isToken(bytes[index]) { index += 1 }
        let nameEnd = index
        guard nameEnd > nameStart, take(UInt8(ascii: ":")) else {
            throw HTTPSyntaxError("malformed HTTP message: bad header field name")
        }
        while index < bytes.count, ASCIIText.isBlank(bytes[index]) { index += 1 }
        let valueStart = index
        while index < bytes.count, ASCIIText.isFieldByte(bytes[index]) { index += 1 }
        var valueEnd = index
        while valueEnd > valueStart, ASCIIText.isBlank(bytes[valueEnd - 1]) { valueEnd -= 1 }
        try endOfLine()
        return HTTPFieldBlock.Range(
            nameStart: Int32(nameStart), nameEnd: Int32(nameEnd), valueStart: Int32(valueStart),
            valueEnd: Int32(valueEnd))
    }

    /// Reads the fields that frame the message, recognised by length first: most fields cost one comparison.
    private func note(_ range: HTTPFieldBlock.Range, _ framing: inout HTTPFraming) throws(HTTPSyntaxError) {
        let value = bytes[Int(range.valueStart)..<Int(range.valueEnd)]
        switch range.nameEnd - range.nameStart {
        case 4 where isNamed(range, "host"): framing.hostCount += 1
        case 6 where isNamed(range, "expect"):
            guard ASCIIText.equal(value, "100-continue".utf8) else {
                throw HTTPSyntaxError("unknown expectation", status: 417)
            }
            framing.expectsContinue = true
        case 10 where isNamed(range, "connection"):
            for part in ASCIIText.listParts(value) {
                if ASCIIText.equal(part, "close") { framing.closes = true }
                if ASCIIText.equal(part, "keep-alive") { framing.keepsAlive = true }
                if ASCIIText.equal(part, "upgrade") { framing.upgrades = true }
            }
        case 14 where isNamed(range, "content-length"):
            guard !value.isEmpty, value.count <= 18, value.allSatisfy(ASCIIText.isDigit) else {
                throw HTTPSyntaxError("malformed HTTP message: bad Content-Length")
            }
            let length = value.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            guard framing.contentLength == nil || framing.contentLength == length else {
                throw HTTPSyntaxError("malformed HTTP message: two different Content-Lengths")
            }
            framing.contentLength = length
        case 17 where isNamed(range, "transfer-encoding"):
            guard !framing.isChunked, ASCIIText.equal(value, "chunked".utf8) else {
                throw HTTPSyntaxError("unsupported transfer encoding", status: 501)
            }
            framing.isChunked = true
        default: break
        }
    }

    /// Whether a field has that name, given in lower case, when the lengths are known to agree.
    private func isNamed(_ range: HTTPFieldBlock.Range, _ name: StaticString) -> Bool {
        var index = Int(range.nameStart)
        let end = Int(range.nameEnd)
        var offset = 0
        while index < end {
            guard ASCIIText.lower(bytes[index]) == name.utf8Start[offset] else { return false }
            index += 1
            offset += 1
        }
        return true
    }
}
