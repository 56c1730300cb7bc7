internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore

/// Asks one webhook.
struct AdmissionWebhookCaller: Sendable {
    private static let maximumAnswer = 16 * 1024 * 1024

    let clients: OutboundClients

    /// The answer; throws `OutboundFailure` with Kubernetes' text when there is none that can be used.
    func ask(
        _ webhook: AdmissionWebhook, _ review: AdmissionReview, isMutating: Bool
    ) async throws -> AdmissionReview.Verdict {
        let answer: JSONValue
        do { answer = try await post(review.request.encoded, to: webhook) } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw OutboundFailure("failed to call webhook: \(error)")
        }
        do { return try review.verdict(answer, isMutating: isMutating) } catch {
            throw OutboundFailure("received invalid webhook response: \(error)")
        }
    }

    private func post(_ body: [UInt8], to webhook: AdmissionWebhook) async throws -> JSONValue {
        let target = try webhook.target.get()
        var url = target.url
        url.target +=
            (url.target.contains("?") ? "&" : "?") + "timeout=\(webhook.timeout.components.seconds)s"
        var request = HTTPClientRequest(
            .post, url, headers: ["Content-Type": "application/json", "Accept": "application/json, */*"],
            body: ByteBuffer(bytes: body), timeout: webhook.timeout)
        request.mayBeRepeated = true
        let head: HTTPResponseHead
        let text: ByteBuffer
        do {
            (head, text) = try await clients.client(for: target.destination)
                .collect(request, limit: Self.maximumAnswer)
        } catch {
            throw OutboundFailure("Post \"\(url)\": \(try Self.cause(error))")
        }
        guard (200...206).contains(head.status.code) else { throw Self.refusal(head, text) }
        do { return try JSONValue(parsing: text.readableBytesView) } catch {
            throw OutboundFailure("couldn't get version/kind; json parse error: \(error)")
        }
    }

    private static func cause(_ error: any Error) throws -> String {
        if error is CancellationError { throw error }
        if let error = error as? StreamError, case .timedOut = error { return "context deadline exceeded" }
        if let error = error as? DialError, error.isTLSFailure {
            return "tls: failed to verify certificate: x509: \(error.cause)"
        }
        if let error = error as? DialError {
            return "dial tcp \(error.host):\(error.port): connect: \(error.cause)"
        }
        return "\(error)"
    }

    private static func refusal(_ head: HTTPResponseHead, _ body: ByteBuffer) -> OutboundFailure {
        let text = String(buffer: body).prefix(2048)
        switch head.status.code {
        case 404: return OutboundFailure("the server could not find the requested resource")
        case 500...:
            return OutboundFailure(
                "an error on the server (\"\(text)\") has prevented the request from succeeding")
        default: return OutboundFailure("the server rejected our request for an unknown reason")
        }
    }
}
