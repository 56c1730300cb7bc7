/// Why received bytes are not an acceptable HTTP message, with the status a server answers.
public struct HTTPSyntaxError: Error, Equatable, CustomStringConvertible {
    public let status: HTTPStatus
    public let message: String

    init(_ message: String, status: HTTPStatus = 400) {
        self.status = status
        self.message = message
    }

    public var description: String { message }
}
