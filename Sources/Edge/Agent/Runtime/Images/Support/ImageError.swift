/// Why an image could not be had, stored or removed.
public struct ImageError: Error, Sendable, CustomStringConvertible {
    /// What a caller may want to tell apart; the text says the rest.
    public enum Code: String, Sendable {
        /// The registry has no such repository, tag or blob, or the store no such image.
        case notFound
        /// Credentials are missing, wrong or not sufficient.
        case unauthorized
        /// The registry refuses for now because of too many requests.
        case rateLimited
        /// No answer from the endpoint: name resolution, connection, time-out.
        case network
        /// The endpoint's certificate is not trusted.
        case untrusted
        /// The endpoint answered with an error of its own.
        case server
        /// What came is not what the digest or size promised.
        case digestMismatch
        /// The image has no variant for this host.
        case platformMismatch
        /// A format that edge does not read.
        case unsupported
        /// A manifest, archive or layer that breaks its own format, or reaches outside its root.
        case invalidContent
        /// A configured limit is exceeded.
        case limitExceeded
        /// The disk is full.
        case noSpace
        /// The disk or the file system failed.
        case storage
        /// The image is used by a container.
        case inUse
        case cancelled
    }

    public let code: Code
    /// What was tried, such as `pull of "docker.io/library/nginx:latest"`; empty when the caller adds it.
    public var operation: String
    /// The registry endpoint or file that it was tried with.
    public var endpoint: String?
    public let cause: String

    public init(_ code: Code, operation: String = "", endpoint: String? = nil, _ cause: String) {
        self.code = code
        self.operation = operation
        self.endpoint = endpoint
        self.cause = cause
    }

    public var description: String {
        [operation, endpoint ?? "", cause].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    /// The same error told as part of a larger operation.
    func within(_ outer: String) -> ImageError {
        var error = self
        error.operation = operation.isEmpty ? outer : "\(outer): \(operation)"
        return error
    }

    /// Any error as an `ImageError`.
    static func wrap(_ error: any Error) -> ImageError {
        switch error {
        case let error as ImageError: error
        case let error as ImageFileError: ImageError(error.isFull ? .noSpace : .storage, error.description)
        case let error as ImageReferenceError: ImageError(.invalidContent, error.description)
        case is CancellationError: ImageError(.cancelled, "context canceled")
        default: ImageError(.storage, String(describing: error))
        }
    }
}
