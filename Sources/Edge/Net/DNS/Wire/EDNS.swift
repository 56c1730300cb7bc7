/// What the OPT record of a message says (RFC 6891 section 6.1).
struct EDNS: Hashable, Sendable {
    /// The size that goes through every path without fragments (DNS flag day 2020); also what edge offers.
    static let payloadSize: UInt16 = 1232
    /// The length of an OPT record without options.
    static let recordLength = 11

    /// The largest UDP message the sender takes; below 512 counts as 512.
    var payloadSize: UInt16
    var version: UInt8 = 0
    /// The DO bit (RFC 3225).
    var wantsSecurityRecords = false

    init(payloadSize: UInt16 = Self.payloadSize, wantsSecurityRecords: Bool = false) {
        self.payloadSize = payloadSize
        self.wantsSecurityRecords = wantsSecurityRecords
    }

    init(_ frame: RecordFrame, rawTTL: UInt32) {
        payloadSize = frame.recordClass
        version = UInt8(rawTTL >> 16 & 0xff)
        wantsSecurityRecords = rawTTL & 0x8000 != 0
    }

    /// Appends the record; `code` lends its upper bits.
    func append(to message: inout [UInt8], code: ResponseCode = .noError) {
        message.append(0)
        message.append16(RecordType.opt.rawValue)
        message.append16(payloadSize)
        message.append(UInt8(code.rawValue >> 4))
        message.append(0)
        message.append16(wantsSecurityRecords ? 0x8000 : 0)
        message.append16(0)
    }
}
