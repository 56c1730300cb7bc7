/// Why a connection or a stream cannot go on.
struct HTTP2Failure: Error, Equatable, CustomStringConvertible {
    let code: HTTP2ErrorCode
    let message: String

    init(_ code: HTTP2ErrorCode, _ message: String) {
        self.code = code
        self.message = message
    }

    var description: String { message }
}

/// RFC 9113 section 7.
enum HTTP2ErrorCode: UInt32, Sendable {
    case noError = 0
    case protocolError
    case internalError
    case flowControlError
    case settingsTimeout
    case streamClosed
    case frameSizeError
    case refusedStream
    case cancel
    case compressionError
    case connectError
    case enhanceYourCalm
    case inadequateSecurity
    case http11Required
}
