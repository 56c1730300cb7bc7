import EdgeJSON
import NIOHTTP1
import Synchronization
import Testing

@testable import EdgeRuntime

/// Pulls from servers that lie, break off, redirect and ask for tokens.
@Suite struct ScriptedPullTests {
    let directory = TestDirectory()
    static let big = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 256) }
    static let image = TestImage([TarBuilder.build { $0.file("big", big) }])
    static let registry = FakeRegistry(image: image)
    static let layerPath = "/blobs/\(ImageDigest.sha256(of: image.layers[0]))"

    private func pull(
        _ service: ImageService, _ server: ScriptedServer, secrets: PullSecrets = PullSecrets()
    ) async throws -> StoredImage {
        try await service.pull("\(server.host)/test/app:1", secrets: secrets)
    }

    private func failure(_ server: ScriptedServer, _ service: ImageService) async -> ImageError? {
        let error = await #expect(throws: ImageError.self) { _ = try await pull(service, server) }
        #expect(service.list().isEmpty)
        #expect(service.leftovers.isEmpty)
        #expect(TestDirectory.names(service.store.layout.layers).isEmpty)
        service.shutDown()
        await server.close()
        return error
    }

    @Test func resumesBrokenDownloads() async throws {
        let server = try await ScriptedServer { request in
            var answer = Self.registry.answer(request)
            // The connection breaks after each 60,000 bytes.
            if request.uri.contains(Self.layerPath), answer.body.count > 60_000 {
                answer.headers.append(("Content-Length", String(answer.body.count)))
                answer.closesAfter = 60_000
            }
            return answer
        }
        let service = try await ImageService.test(directory)
        let image = try await pull(service, server)
        #expect(try service.path("big", in: image.id).map(TestDirectory.read) == Self.big)
        // What was still on its way when the connection closed is asked for again, the rest is not.
        let ranges = server.requests(Self.layerPath).map { $0.header("Range") ?? "bytes=0-" }
        let starts = ranges.compactMap { Int($0.dropFirst("bytes=".count).dropLast()) }
        #expect(starts.count == ranges.count && starts.count >= 4)
        #expect(starts == starts.sorted() && Set(starts).count > 3)
        service.shutDown()
        await server.close()
    }

    @Test func startsOverWhereRangesAreIgnored() async throws {
        let server = try await ScriptedServer { request in
            var answer = Self.registry.answer(request)
            if request.uri.contains(Self.layerPath) {
                answer = .init(body: Self.image.layers[0])
                if request.header("Range") == nil {
                    answer.headers = [("Content-Length", String(answer.body.count))]
                    answer.closesAfter = 60_000
                }
            }
            return answer
        }
        let service = try await ImageService.test(directory)
        let image = try await pull(service, server)
        #expect(try service.path("big", in: image.id).map(TestDirectory.read) == Self.big)
        service.shutDown()
        await server.close()
    }

    @Test func givesUpInTheEnd() async throws {
        let server = try await ScriptedServer { request in
            var answer = Self.registry.answer(request)
            if request.uri.contains(Self.layerPath) {
                answer = .init(headers: [("Content-Length", "100000")], closesAfter: 0)
            }
            return answer
        }
        let waits = Waits()
        let service = try await ImageService.test(directory) { $0.retry.sleep = { waits.add($0) } }
        let error = await failure(server, service)
        #expect(error?.code == .network)
        #expect(server.requests(Self.layerPath).count == 5)
        #expect(waits.all == [1, 2, 4, 8].map { .seconds($0) })
    }

    private final class Waits: Sendable {
        private let delays = Mutex<[Duration]>([])

        var all: [Duration] { delays.withLock { $0 } }

        func add(_ delay: Duration) { delays.withLock { $0.append(delay) } }
    }

    @Test(arguments: ["layer", "layer too long", "config", "manifest"])
    func wrongBytesAreRefused(_ what: String) async throws {
        let server = try await ScriptedServer { request in
            var answer = Self.registry.answer(request)
            switch what {
            case "layer" where request.uri.contains(Self.layerPath): answer.body[150_000] ^= 1
            case "layer too long" where request.uri.contains(Self.layerPath): answer.body += [0]
            case "config" where request.uri.contains("\(Self.image.configDigest)"): answer.body[3] ^= 1
            case "manifest" where request.uri.contains("/manifests/"): answer.body += [0x20]
            default: break
            }
            return answer
        }
        let error = await failure(server, try await .test(directory))
        #expect(error?.code == .digestMismatch, "\(error.map(String.init(describing:)) ?? "")")
    }

    /// A mirror that lies about a layer is left for the registry itself.
    @Test func lyingMirrorIsLeft() async throws {
        let honest = try await ScriptedServer { Self.registry.answer($0) }
        let liar = try await ScriptedServer { request in
            var answer = Self.registry.answer(request)
            if request.uri.contains(Self.layerPath) { answer.body[150_000] ^= 1 }
            return answer
        }
        let service = try await ImageService.test(directory) {
            $0.registries.mirrors[honest.host] = .init(endpoints: ["http://\(liar.host)"])
        }
        let image = try await pull(service, honest)
        #expect(try service.path("big", in: image.id).map(TestDirectory.read) == Self.big)
        #expect(liar.requests.allSatisfy { $0.uri.contains("ns=127.0.0.1%3A\(honest.port)") })
        #expect(honest.requests.allSatisfy { !$0.uri.contains("ns=") })
        #expect(service.leftovers.isEmpty)
        service.shutDown()
        await honest.close()
        await liar.close()
    }

    @Test func wrongDiffIDIsRefused() async throws {
        var image = Self.image
        let diffID = ImageDigest.sha256(of: image.layers[0]).hex
        let config = String(decoding: image.config, as: UTF8.self)
        let changed = TestImage(image.layers)
        let parts = config.split(separator: ":").map {
            $0.hasPrefix(diffID) ? "\(String(diffID.reversed()))\($0.dropFirst(64))" : String($0)
        }
        image.config = Array(parts.joined(separator: ":").utf8)
        image.manifest =
            ([
                "schemaVersion": 2, "mediaType": .string(MediaType.ociManifest),
                "config": TestImage.descriptor(image.config, "application/vnd.oci.image.config.v1+json"),
                "layers": [TestImage.descriptor(changed.layers[0], "application/vnd.oci.image.layer.v1.tar")],
            ] as JSONValue).encoded
        let registry = FakeRegistry(image: image)
        let server = try await ScriptedServer { registry.answer($0) }
        let error = await failure(server, try await .test(directory))
        #expect(error?.code == .digestMismatch)
        #expect(error?.description.contains("failed to extract layer") == true)
    }

    @Test func hostileLayerIsRefused() async throws {
        let registry = FakeRegistry(image: TestImage([TestImage.layer("../../escaped", "x")]))
        let server = try await ScriptedServer { registry.answer($0) }
        let error = await failure(server, try await .test(directory))
        #expect(error?.code == .invalidContent)
        #expect(error?.description.contains("leads out of its root") == true)
    }

    @Test func schema1IsRefused() async throws {
        let server = try await ScriptedServer { _ in
            .json(
                #"{"schemaVersion":1,"fsLayers":[]}"#,
                [("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")])
        }
        let error = await failure(server, try await .test(directory))
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("no longer supported") == true)
    }

    @Test func foreignPlatformIsRefused() async throws {
        let registry = FakeRegistry(image: TestImage([], architecture: "s390x"))
        let server = try await ScriptedServer { registry.answer($0) }
        let error = await failure(server, try await .test(directory))
        #expect(error?.code == .platformMismatch)
        #expect(error?.description.contains("linux/s390x") == true)
    }

    @Test func busyRegistryIsAskedAgain() async throws {
        let waits = Waits()
        let server = try await ScriptedServer { request in
            if request.uri.contains("/manifests/1"), waits.all.count < 2 {
                return .init(
                    status: .tooManyRequests,
                    body: Array(#"{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}"#.utf8))
            }
            return Self.registry.answer(request)
        }
        let service = try await ImageService.test(directory) { $0.retry.sleep = { waits.add($0) } }
        _ = try await pull(service, server)
        #expect(server.requests("/manifests/1").count == 3)
        service.shutDown()
        await server.close()
    }

    @Test func serverErrorsAreTold() async throws {
        let server = try await ScriptedServer { _ in
            .init(
                status: .tooManyRequests,
                body: Array(#"{"errors":[{"code":"TOOMANYREQUESTS","message":"limit"}]}"#.utf8))
        }
        let error = await failure(server, try await .test(directory))
        #expect(error?.code == .rateLimited)
        #expect(error?.description.contains("429 Too Many Requests: TOOMANYREQUESTS: limit") == true)
    }

    // MARK: Tokens and redirects

    private static func bearer(_ port: Int) -> ScriptedServer.Answer {
        .status(
            .unauthorized,
            [
                (
                    "WWW-Authenticate",
                    #"Bearer realm="http://127.0.0.1:\#(port)/token",service="reg",scope="repository:test/app:pull""#
                )
            ])
    }

    @Test(arguments: ["anonymous", "password", "identity"])
    func tokenServer(_ kind: String) async throws {
        let tokens = try await ScriptedServer { request in
            switch kind {
            case "password" where request.header("Authorization") != "Basic dTpw": .status(.unauthorized)
            case "identity" where !request.body.contains("refresh_token=secret%2Ftoken"):
                .status(.unauthorized)
            default: .json(#"{"access_token":"T1","expires_in":60}"#)
            }
        }
        let server = try await ScriptedServer { request in
            request.header("Authorization") == "Bearer T1"
                ? Self.registry.answer(request) : Self.bearer(tokens.port)
        }
        var secrets = PullSecrets()
        if kind == "password" {
            secrets.add(key: server.host, RegistryCredential(username: "u", password: "p"))
        }
        if kind == "identity" {
            secrets.add(key: server.host, RegistryCredential(.identityToken("secret/token")))
        }
        let service = try await ImageService.test(directory)
        _ = try await pull(service, server, secrets: secrets)
        let asked = try #require(tokens.requests.first)
        if kind == "identity" {
            #expect(asked.method == .POST)
            #expect(asked.body.contains("grant_type=refresh_token") && asked.body.contains("service=reg"))
        } else {
            #expect(
                asked.uri.contains("service=reg")
                    && asked.uri.contains("scope=repository%3Atest%2Fapp%3Apull"))
        }
        #expect(tokens.requests.count == 1)
        service.shutDown()
        await server.close()
        await tokens.close()
    }

    @Test func deniedToken() async throws {
        let tokens = try await ScriptedServer { _ in .status(.forbidden) }
        let server = try await ScriptedServer { _ in Self.bearer(tokens.port) }
        let error = await failure(server, try await .test(directory))
        #expect(error?.code == .unauthorized)
        #expect(
            error?.description.contains("failed to fetch anonymous token: unexpected status: 403 Forbidden")
                == true)
        await tokens.close()
    }

    @Test func redirectsGetNoCredentials() async throws {
        let storage = try await ScriptedServer { request in
            FakeRegistry.blob(Self.image.layers[0], request)
        }
        let server = try await ScriptedServer { request in
            guard request.header("Authorization") == "Basic dTpw" else {
                return .status(.unauthorized, [("WWW-Authenticate", #"Basic realm="r""#)])
            }
            if request.uri.contains(Self.layerPath) {
                return .status(
                    .temporaryRedirect, [("Location", "http://\(storage.host)/bucket/blob?signature=x")])
            }
            return Self.registry.answer(request)
        }
        var secrets = PullSecrets()
        secrets.add(key: server.host, RegistryCredential(username: "u", password: "p"))
        let service = try await ImageService.test(directory)
        _ = try await pull(service, server, secrets: secrets)
        #expect(storage.requests.map(\.uri) == ["/bucket/blob?signature=x"])
        #expect(storage.requests.allSatisfy { $0.header("Authorization") == nil })
        service.shutDown()
        await server.close()
        await storage.close()
    }

    /// A pod's secret belongs to the image's own registry.
    @Test func mirrorsGetNoPullSecrets() async throws {
        let mirror = try await ScriptedServer { _ in
            .status(.unauthorized, [("WWW-Authenticate", #"Basic realm="r""#)])
        }
        let server = try await ScriptedServer { request in
            request.header("Authorization") == "Basic dTpw"
                ? Self.registry.answer(request)
                : .status(.unauthorized, [("WWW-Authenticate", #"Basic realm="r""#)])
        }
        var secrets = PullSecrets()
        secrets.add(key: server.host, RegistryCredential(username: "u", password: "p"))
        let service = try await ImageService.test(directory) {
            $0.registries.mirrors[server.host] = .init(endpoints: ["http://\(mirror.host)"])
        }
        _ = try await pull(service, server, secrets: secrets)
        #expect(!mirror.requests.isEmpty)
        #expect(mirror.requests.allSatisfy { $0.header("Authorization") == nil })
        service.shutDown()
        await server.close()
        await mirror.close()
    }

    @Test func sendsTheProxyWholeAddresses() async throws {
        let proxy = try await ScriptedServer { _ in .status(.notFound) }
        let service = try await ImageService.test(directory) {
            $0.proxy = ProxySettings(environment: ["HTTP_PROXY": "http://user:pw@\(proxy.host)"])
            $0.registries.mirrors["r.invalid"] = .init(endpoints: ["http://r.invalid:5000"])
        }
        await #expect(throws: ImageError.self) { _ = try await service.pull("r.invalid/app:1") }
        let asked = try #require(proxy.requests.first)
        #expect(asked.uri == "http://r.invalid:5000/v2/app/manifests/1?ns=r.invalid")
        #expect(asked.header("Host") == "r.invalid:5000")
        #expect(asked.header("Proxy-Authorization") == "Basic dXNlcjpwdw==")
        service.shutDown()
        await proxy.close()
    }

    @Test func asksTheProxy() async throws {
        let proxy = try await ScriptedServer { _ in .status(.proxyAuthenticationRequired) }
        let service = try await ImageService.test(directory) {
            $0.proxy = ProxySettings(environment: ["HTTPS_PROXY": "http://user:pw@\(proxy.host)"])
        }
        let error = await #expect(throws: ImageError.self) { _ = try await service.pull("r.invalid/app:1") }
        #expect(error?.code == .network)
        #expect(error?.description.contains("proxy authentication required") == true)
        let asked = try #require(proxy.requests.first)
        #expect(asked.method == .CONNECT && asked.uri == "r.invalid:443")
        #expect(asked.header("Proxy-Authorization") == "Basic dXNlcjpwdw==")
        service.shutDown()
        await proxy.close()
    }

    @Test func oneDownloadForPullsAtTheSameTime() async throws {
        let server = try await ScriptedServer { Self.registry.answer($0) }
        let service = try await ImageService.test(directory)
        try await withThrowingTaskGroup(of: StoredImage.self) { group in
            for _ in 0..<8 { group.addTask { try await self.pull(service, server) } }
            for try await image in group { #expect(image.id == Self.image.configDigest.description) }
        }
        #expect(server.requests(Self.layerPath).count == 1)
        service.shutDown()
        await server.close()
    }

    @Test func redirectLoopEnds() async throws {
        let server = try await ScriptedServer { .status(.found, [("Location", $0.uri)]) }
        let error = await failure(server, try await .test(directory))
        #expect(error?.description.contains("stopped after 10 redirects") == true)
    }

    @Test func cancelling() async throws {
        let (started, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let server = try await ScriptedServer { request in
            var answer = Self.registry.answer(request)
            if request.uri.contains(Self.layerPath) {
                // Promises more than it ever sends.
                answer.headers = [("Content-Length", String(Self.image.layers[0].count))]
                answer.body = Array(answer.body.prefix(1000))
                signal.yield()
            }
            return answer
        }
        let service = try await ImageService.test(directory) { $0.timeouts.read = .seconds(600) }
        let pull = Task { try await self.pull(service, server) }
        for await _ in started { break }
        pull.cancel()
        await #expect(throws: CancellationError.self) { _ = try await pull.value }
        service.shutDown()
        await server.close()
    }
}
