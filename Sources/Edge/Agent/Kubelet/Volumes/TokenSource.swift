internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import Synchronization

/// Service account tokens for projected volumes, bound to their pod and renewed before they end.
final class TokenSource: Sendable {
    struct Request: Sendable, Hashable {
        var podUID: String
        var audience: String
        var seconds: Int
    }

    private struct Token {
        var text: String
        var issued: Timestamp
        var expires: Timestamp

        /// Four fifths of its time have passed, or a day.
        func isDue(_ now: Timestamp) -> Bool {
            let life = expires - issued
            return now - issued >= min(life * 4 / 5, .seconds(86_400)) || now < issued
        }
    }

    private let client: any APIClient
    private let clock: any WallClock
    private let tokens = Mutex<[Request: Token]>([:])

    init(client: any APIClient, clock: any WallClock) {
        self.client = client
        self.clock = clock
    }

    /// A token that is good for a while; the one before while a new one cannot be had.
    func token(for pod: Pod, audience: String, seconds: Int) async throws -> String {
        let request = Request(podUID: pod.uid, audience: audience, seconds: seconds)
        let now = clock.now
        let known = tokens.withLock { $0[request] }
        if let known, !known.isDue(now) { return known.text }
        do {
            let token = try await issue(pod, request, now)
            tokens.withLock { $0[request] = token }
            return token.text
        } catch {
            if let known, now < known.expires { return known.text }
            throw error
        }
    }

    func forget(_ uid: String) {
        tokens.withLock { tokens in tokens = tokens.filter { $0.key.podUID != uid } }
    }

    private func issue(_ pod: Pod, _ request: Request, _ now: Timestamp) async throws -> Token {
        let account = pod.spec.serviceAccountName.isEmpty ? "default" : pod.spec.serviceAccountName
        var spec: JSONObject = [
            "expirationSeconds": .int(Int64(request.seconds)),
            "boundObjectRef": [
                "apiVersion": "v1", "kind": "Pod", "name": .string(pod.name), "uid": .string(pod.uid),
            ],
        ]
        spec["audiences"] = request.audience.isEmpty ? .array([]) : [.string(request.audience)]
        let body: JSONObject = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": .object(spec),
        ]
        let key = ObjectKey(resource: "serviceaccounts", namespace: pod.namespace, name: account)
        let answer = try await client.post(key, subresource: "token", APIObject(body))
        guard let text = answer[path: "status", "token"]?.string, !text.isEmpty else {
            throw KubeletError("the answer to the token request for service account \(account) has no token")
        }
        let expires = answer[path: "status", "expirationTimestamp"]?.string.flatMap { Timestamp(rfc3339: $0) }
        return Token(text: text, issued: now, expires: expires ?? now + .seconds(request.seconds))
    }
}
