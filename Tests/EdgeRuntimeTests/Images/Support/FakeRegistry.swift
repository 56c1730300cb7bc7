import NIOHTTP1

@testable import EdgeRuntime

/// What an honest registry answers for one image; tests change single answers.
struct FakeRegistry: Sendable {
    var image: TestImage
    var repository = "test/app"
    var tag = "1"

    func answer(_ request: ScriptedServer.Request) -> ScriptedServer.Answer {
        let path = request.uri.split(separator: "?").first.map(String.init) ?? ""
        if path == "/v2/" { return .json("{}") }
        let manifests = ["\(tag)", image.manifestDigest.description].map {
            "/v2/\(repository)/manifests/\($0)"
        }
        if manifests.contains(path) {
            return .init(
                headers: [
                    ("Content-Type", MediaType.ociManifest),
                    ("Docker-Content-Digest", image.manifestDigest.description),
                ], body: image.manifest)
        }
        for blob in image.layers + [image.config]
        where path == "/v2/\(repository)/blobs/\(ImageDigest.sha256(of: blob))" {
            return Self.blob(blob, request)
        }
        return .init(
            status: .notFound, body: Array(#"{"errors":[{"code":"NAME_UNKNOWN","message":"unknown"}]}"#.utf8))
    }

    /// The whole blob, or the range that is asked for.
    static func blob(_ blob: [UInt8], _ request: ScriptedServer.Request) -> ScriptedServer.Answer {
        guard let range = request.header("Range"),
            let start = Int(range.dropFirst("bytes=".count).prefix { $0 != "-" })
        else { return .init(body: blob) }
        return .init(
            status: .partialContent,
            headers: [("Content-Range", "bytes \(start)-\(blob.count - 1)/\(blob.count)")],
            body: Array(blob[start...]))
    }
}
