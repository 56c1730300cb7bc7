internal import NIOCore

/// Header fields of a stream: names in lower case, the values of one name joined by commas.
public struct SPDYHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    var fields: [(name: String, values: [String])] = []

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    public subscript(name: String) -> String? {
        fields.first { ASCIIText.equal($0.name, name) }?.values.first
    }

    mutating func add(_ name: String, _ value: String) {
        let name = name.lowercased()
        if let index = fields.firstIndex(where: { $0.name == name }) {
            fields[index].values.append(value)
        } else {
            fields.append((name, [value]))
        }
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.fields.count == right.fields.count
            && zip(left.fields, right.fields).allSatisfy { $0.name == $1.name && $0.values == $1.values }
    }
}

/// A frame of SPDY/3.1 (draft-mbelshe-httpbis-spdy-00 section 2).
enum SPDYFrame: Sendable, Equatable {
    case synStream(id: UInt32, headers: SPDYHeaders, fin: Bool)
    case synReply(id: UInt32, headers: SPDYHeaders, fin: Bool)
    case rstStream(id: UInt32, status: SPDYStatus)
    /// Of all settings only the initial window matters.
    case settings(initialWindow: UInt32?)
    case ping(id: UInt32)
    case goAway(lastID: UInt32, status: UInt32)
    case headers(id: UInt32, headers: SPDYHeaders, fin: Bool)
    case windowUpdate(id: UInt32, delta: UInt32)
    /// A part of a data frame; `fin` with its last part.
    case data(id: UInt32, bytes: ByteBuffer, fin: Bool)
    /// A control frame of unknown kind, to be ignored.
    case unknown
}

/// Why a stream is reset.
struct SPDYStatus: RawRepresentable, Sendable, Equatable {
    let rawValue: UInt32

    static let protocolError = SPDYStatus(rawValue: 1)
    static let invalidStream = SPDYStatus(rawValue: 2)
    static let refusedStream = SPDYStatus(rawValue: 3)
    static let cancel = SPDYStatus(rawValue: 5)
    static let internalError = SPDYStatus(rawValue: 6)
    static let flowControlError = SPDYStatus(rawValue: 7)
    static let streamAlreadyClosed = SPDYStatus(rawValue: 9)
}

enum SPDYFrameType {
    static let synStream: UInt16 = 1
    static let synReply: UInt16 = 2
    static let rstStream: UInt16 = 3
    static let settings: UInt16 = 4
    static let ping: UInt16 = 6
    static let goAway: UInt16 = 7
    static let headers: UInt16 = 8
    static let windowUpdate: UInt16 = 9
}
