internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport
internal import NIOCore
internal import Synchronization

/// Calls the webhooks that convert custom resources: ConversionReviews of apiextensions.k8s.io, v1 or v1beta1.
final class ConversionWebhooks: CustomResourceConverter {
    private static let timeout = Duration.seconds(30)
    private static let maximumAnswer = 64 * 1024 * 1024

    private struct State {
        var group: (any EventLoopGroup)?
        /// By the uid of the definition; with the configuration that the client was made for.
        var clients: [String: (configuration: JSONValue, client: HTTPClient)] = [:]
    }

    private let store: ObjectStore
    private let state = Mutex(State())

    init(store: ObjectStore) {
        self.store = store
    }

    /// Where connections live; until it is set nothing can be converted.
    func use(_ group: any EventLoopGroup) {
        state.withLock { $0.group = group }
    }

    func convert(
        _ objects: [APIObject], to apiVersion: String, _ family: CustomResourceFamily
    ) async throws -> [APIObject] {
        guard case .webhook(let webhook) = family.conversion else {
            throw APIStatus.internalError("\(family.storageName) has no conversion webhook")
        }
        let kind = objects.first.map { "\($0.apiVersion), Kind=\($0.kind)" } ?? family.storageName
        do {
            let uid = UID.random()
            let review = try ConversionReview(
                webhook["conversionReviewVersions"]?.strings ?? [], uid: uid, objects, apiVersion)
            let answer = try await call(webhook["clientConfig"] ?? .null, family, review.request)
            return try review.converted(answer)
        } catch {
            throw APIStatus.internalError("conversion webhook for \(kind) failed: \(error)")
        }
    }

    private func call(
        _ configuration: JSONValue, _ family: CustomResourceFamily, _ body: JSONValue
    ) async throws -> JSONValue {
        let (url, client) = try target(configuration, family)
        let request = HTTPClientRequest(
            .post, url, headers: ["Content-Type": "application/json", "Accept": "application/json"],
            body: ByteBuffer(bytes: body.encoded), timeout: Self.timeout)
        let (head, answer) = try await client.collect(request, limit: Self.maximumAnswer)
        guard head.status.code == 200 else {
            throw ConversionFailure(
                "the webhook answered \(head.status): \(String(buffer: answer).prefix(200))")
        }
        return try JSONValue(parsing: answer.readableBytesView)
    }

    // MARK: Clients

    private func target(
        _ configuration: JSONValue, _ family: CustomResourceFamily
    ) throws -> (HTTPURL, HTTPClient) {
        let address: String
        var service: WebhookService?
        if let url = configuration["url"]?.string {
            address = url
        } else {
            let reference = configuration["service"] ?? .null
            let name = reference["name"]?.string ?? ""
            let namespace = reference["namespace"]?.string ?? ""
            let port = reference["port"]?.int.map { Int($0) } ?? 443
            address = "https://\(name).\(namespace).svc:\(port)\(reference["path"]?.string ?? "/")"
            service = WebhookService(store: store, namespace: namespace, name: name, port: port)
        }
        guard let url = HTTPURL(address) else { throw ConversionFailure("\"\(address)\" is no URL") }
        let client = try state.withLock { state -> HTTPClient in
            if let known = state.clients[family.uid], known.configuration == configuration {
                return known.client
            }
            guard let group = state.group else {
                throw ConversionFailure("the server is not ready to call webhooks")
            }
            let client = try Self.client(configuration, service, group)
            state.clients[family.uid]?.client.shutdown()
            state.clients[family.uid] = (configuration, client)
            return client
        }
        return (url, client)
    }

    private static func client(
        _ configuration: JSONValue, _ service: WebhookService?, _ group: any EventLoopGroup
    ) throws -> HTTPClient {
        var settings = HTTPClient.Settings()
        if let bundle = configuration["caBundle"]?.string.flatMap({ Base64.decode($0) }), !bundle.isEmpty {
            let text = String(decoding: bundle, as: UTF8.self)
            if !text.allSatisfy(\.isWhitespace) {
                settings.tls = try TLSClientContext(trust: .authorities(text))
            }
        }
        if let service { settings.dialer = WebhookDialer(service: service, tcp: TCPDialer(group: group)) }
        settings.connectTimeout = .seconds(10)
        return try HTTPClient(group: group, settings: settings)
    }
}

/// Why objects could not be converted.
struct ConversionFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// One question to a webhook, and how its answer is to be read.
struct ConversionReview {
    let request: JSONValue
    private let uid: String
    private let version: String
    private let originals: [APIObject]
    private let apiVersion: String

    init(_ versions: [String], uid: String, _ objects: [APIObject], _ apiVersion: String) throws {
        guard let version = versions.first(where: { $0 == "v1" || $0 == "v1beta1" }) else {
            throw ConversionFailure("no supported conversion review versions")
        }
        self.version = version
        self.uid = uid
        self.apiVersion = apiVersion
        originals = objects
        request = [
            "kind": "ConversionReview", "apiVersion": .string("apiextensions.k8s.io/\(version)"),
            "request": [
                "uid": .string(uid), "desiredAPIVersion": .string(apiVersion),
                "objects": .array(objects.map(\.value)),
            ],
        ]
    }

    func converted(_ answer: JSONValue) throws -> [APIObject] {
        guard let response = answer["response"], !response.isNull else {
            throw ConversionFailure("no response provided")
        }
        if version == "v1" {
            guard answer["kind"] == "ConversionReview", answer["apiVersion"] == "apiextensions.k8s.io/v1"
            else {
                throw ConversionFailure(
                    "expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got \(answer["apiVersion"]?.string ?? ""), Kind=\(answer["kind"]?.string ?? "")"
                )
            }
            guard response["uid"]?.string == uid else {
                throw ConversionFailure(
                    "expected response.uid=\"\(uid)\", got \"\(response["uid"]?.string ?? "")\"")
            }
        }
        let status = response["result"]?["status"]?.string ?? ""
        guard status == "Success" else {
            let message = response["result"]?["message"]?.string ?? ""
            throw ConversionFailure(
                message.isEmpty ? "response.result.status was '\(status)', not 'Success'" : message)
        }
        let objects = response["convertedObjects"]?.array ?? []
        guard objects.count == originals.count else {
            throw ConversionFailure("returned \(objects.count) objects, expected \(originals.count)")
        }
        return try zip(originals, objects).enumerated().map { index, pair in
            do { return try checked(pair.1, against: pair.0) } catch {
                throw ConversionFailure("returned invalid converted object at index \(index): \(error)")
            }
        }
    }

    /// A webhook may change labels and annotations, and nothing else of the metadata.
    private func checked(_ value: JSONValue, against original: APIObject) throws -> APIObject {
        guard var object = APIObject(value) else { throw ConversionFailure("it is no object") }
        guard object.apiVersion == apiVersion else {
            throw ConversionFailure(
                "invalid groupVersion (expected \(apiVersion), received \(object.apiVersion))")
        }
        guard object.kind == original.kind else {
            throw ConversionFailure("invalid kind (expected \(original.kind), received \(object.kind))")
        }
        for key in ["name", "namespace", "uid"] {
            let expected = original[path: "metadata", key]
            let found = object[path: "metadata", key]
            guard expected == found else {
                throw ConversionFailure(
                    "must have the same \(key): \(expected ?? .null) != \(found ?? .null)")
            }
        }
        var metadata = original.metadata
        for key in ["labels", "annotations"] { metadata[key] = object.metadata[key] }
        object.metadata = metadata
        return object
    }
}
