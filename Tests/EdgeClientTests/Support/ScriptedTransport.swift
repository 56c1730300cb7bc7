import EdgeClient
import Synchronization

/// Answers in order, and keeps what was asked.
final class ScriptedTransport: RESTTransport {
    struct Answer: Sendable {
        let status: Int
        let body: String
        let headers: [RESTRequest.Field]

        init(_ status: Int, _ body: String, _ headers: [RESTRequest.Field] = []) {
            self.status = status
            self.body = body
            self.headers = headers
        }
    }

    private let state: Mutex<(answers: [Answer], requests: [RESTRequest])>

    init(_ answers: [Answer]) { state = Mutex((answers, [])) }

    var requests: [RESTRequest] { state.withLock { $0.requests } }

    func send(_ request: RESTRequest) async throws -> RESTResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? Answer(599, "no answer left") : state.answers.removeFirst()
        }
        return RESTResponse(status: answer.status, headers: answer.headers, body: RESTBody(answer.body))
    }
}
