internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore

/// Calls the webhooks that convert custom resources: ConversionReviews of apiextensions.k8s.io, v1 or v1beta1.
final class ConversionWebhooks: CustomResourceConverter {
    private static let timeout = Duration.seconds(30)
    private static let maximumAnswer = 64 * 1024 * 1024

    private let clients: OutboundClients

    init(clients: OutboundClients) {
        self.clients = clients
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
            let answer = try await call(webhook["clientConfig"] ?? .null, review.request)
            return try review.converted(answer)
        } catch {
            throw APIStatus.internalError("conversion webhook for \(kind) failed: \(error)")
        }
    }

    private func call(_ configuration: JSONValue, _ body: JSONValue) async throws -> JSONValue {
        let target = try WebhookTarget(configuration)
        var request = HTTPClientRequest(
            .post, target.url, headers: ["Content-Type": "application/json", "Accept": "application/json"],
            body: ByteBuffer(bytes: body.encoded), timeout: Self.timeout)
        request.mayBeRepeated = true
        let client = try clients.client(for: target.destination)
        let (head, answer) = try await client.collect(request, limit: Self.maximumAnswer)
        guard head.status.code == 200 else {
            throw ConversionFailure(
                "the webhook answered \(head.status): \(String(buffer: answer).prefix(200))")
        }
        return try JSONValue(parsing: answer.readableBytesView)
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
