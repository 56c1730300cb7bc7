internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore

extension EndpointClient {
    /// The answer itself when it is a success, else what it says as an error.
    static func checked(_ response: HTTPClientResponse, _ url: RegistryURL) async throws -> HTTPClientResponse
    {
        if response.status.isSuccess { return response }
        let message = try await errorMessage(response)
        let status = "unexpected status: \(text(response.status))" + (message.isEmpty ? "" : ": \(message)")
        switch response.status {
        case 401, 403:
            throw ImageError(.unauthorized, endpoint: url.redacted, denied("\(status)"))
        case 404: throw ImageError(.notFound, endpoint: url.redacted, "not found")
        case 429:
            throw ImageError(.rateLimited, endpoint: url.redacted, status)
        default:
            throw ImageError(.server, endpoint: url.redacted, status)
        }
    }

    /// Docker's words: a registry does not tell a private repository from a missing one.
    static func denied(_ message: String) -> String {
        "pull access denied, repository does not exist or may require authorization"
            + (message.isEmpty ? "" : ": server message: \(message)")
    }

    static func text(_ status: HTTPStatus) -> String { "\(status)" }

    /// The first error of the registry's JSON, as `CODE: message`; empty when there is none.
    static func errorMessage(_ response: HTTPClientResponse) async throws -> String {
        guard let body = try await collectIfSmall(response), let value = try? JSONParser.parse(body),
            let first = value["errors"]?.array?.first
        else { return "" }
        let parts = [first["code"]?.string, first["message"]?.string].compactMap { $0 }
        return String(parts.joined(separator: ": ").filter { !$0.isNewline }.prefix(300))
    }

    /// Reads a body to its end, so that the connection can be used again.
    static func discard(_ response: HTTPClientResponse) async throws {
        _ = try await collectIfSmall(response)
    }

    /// The body; nil when it is too large to be an error message or breaks off.
    private static func collectIfSmall(_ response: HTTPClientResponse) async throws -> [UInt8]? {
        do {
            let buffer = try await response.collect(limit: 64 << 10)
            return Array(buffer.readableBytesView)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return nil
        }
    }

    /// A whole body in memory.
    static func collect(
        _ response: HTTPClientResponse, limit: Int, _ url: RegistryURL
    ) async throws -> [UInt8] {
        do {
            let buffer = try await response.collect(limit: limit)
            return Array(buffer.readableBytesView)
        } catch HTTPClientError.bodyTooLarge {
            throw ImageError(.limitExceeded, endpoint: url.redacted, "answer has more than \(limit) bytes")
        } catch {
            throw RegistryTransport.translate(error, url)
        }
    }
}
