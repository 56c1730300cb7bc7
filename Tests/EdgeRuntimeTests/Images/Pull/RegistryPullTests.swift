import EdgeJSON
import Glibc
import Testing

@testable import EdgeRuntime

/// Pulls from Debian's docker-registry.
@Suite(.serialized) struct RegistryPullTests {
    let directory = TestDirectory()
    static let image = TestImage([
        TarBuilder.build { tar in
            tar.directory("etc/")
            tar.file("etc/base", [UInt8](repeating: 0x62, count: 300_000))
        },
        TestImage.layer("top", "t"),
    ])

    private func archive(_ image: TestImage = image) -> String {
        directory.file(
            "push-\(image.configDigest.hex.prefix(8)).tar", TestImage.archive([("r.io/app:1", image)]))
    }

    private func configuration(_ json: String) throws -> RegistryConfiguration {
        try RegistryConfiguration(try JSONValue(parsing: json))
    }

    @Test func plainHTTP() async throws {
        let registry = try TestRegistry()
        try registry.push("oci-archive:\(archive())", "test/app:1")
        let service = try await ImageService.test(directory)
        let progress = PullProgress(capacity: 1000)
        let image = try await service.pull("\(registry.host)/test/app:1", progress: progress)
        #expect(image.id == Self.image.configDigest.description)
        #expect(image.repoTags == ["\(registry.host)/test/app:1"])
        #expect(image.repoDigests.first?.hasPrefix("\(registry.host)/test/app@sha256:") == true)
        #expect(try service.path("top", in: image.id).map(TestDirectory.text) == "t")
        var events: [PullEvent] = []
        for await event in progress.events { events.append(event) }
        #expect(events.contains { if case .resolved(_, 2, _) = $0 { true } else { false } })
        #expect(events.count { if case .layerDone = $0 { true } else { false } } == 2)
        // By digest, and again: only what is needed is asked for.
        let digest = try #require(image.repoDigests.first)
        let byDigest = try await service.pull(digest)
        #expect(byDigest.id == image.id)
        #expect(try await service.pull("\(registry.host)/test/app:1").id == image.id)
        #expect(service.leftovers.isEmpty)
        service.shutDown()
    }

    @Test func tagThatMoved() async throws {
        let registry = try TestRegistry()
        try registry.push("oci-archive:\(archive())", "test/app:1")
        let service = try await ImageService.test(directory)
        let first = try await service.pull("\(registry.host)/test/app:1")
        let newer = TestImage([Self.image.layers[0], TestImage.layer("top", "newer")])
        try registry.push("oci-archive:\(archive(newer))", "test/app:1")
        let second = try await service.pull("\(registry.host)/test/app:1")
        #expect(second.id == newer.configDigest.description)
        #expect(service.status(first.id)?.repoTags == [])
        #expect(service.status("\(registry.host)/test/app:1")?.id == second.id)
        service.shutDown()
    }

    @Test func tlsWithOwnAuthorityAndPassword() async throws {
        let registry = try TestRegistry(.tlsAndPassword)
        try registry.push("oci-archive:\(archive())", "test/app:1")
        let name = "\(registry.host)/test/app:1"
        let tls = #""tls":{"ca_file":"\#(registry.caFile)"}"#
        let service = try await ImageService.test(directory) {
            $0.registries = (try? configuration(#"{"configs":{"\#(registry.host)":{\#(tls)}}}"#)) ?? .init()
        }
        let denied = await #expect(throws: ImageError.self) { _ = try await service.pull(name) }
        #expect(denied?.code == .unauthorized)
        #expect(denied?.description.contains("pull access denied") == true)
        var wrong = PullSecrets()
        wrong.add(key: registry.host, RegistryCredential(username: "edge", password: "wrong"))
        let refused = await #expect(throws: ImageError.self) {
            _ = try await service.pull(name, secrets: wrong)
        }
        #expect(refused?.code == .unauthorized)
        // A second matching secret is tried after the first.
        wrong.add(
            key: registry.host,
            RegistryCredential(username: TestRegistry.user, password: TestRegistry.password))
        #expect(try await service.pull(name, secrets: wrong).id == Self.image.configDigest.description)
        try await service.remove(name)
        let auth = #""auth":{"username":"edge","password":"s3cret"}"#
        service.update(
            registries: try configuration(#"{"configs":{"\#(registry.host)":{\#(auth),\#(tls)}}}"#))
        #expect(try await service.pull(name).id == Self.image.configDigest.description)
        service.shutDown()
    }

    @Test func tlsVerification() async throws {
        let registry = try TestRegistry(.tls)
        try registry.push("oci-archive:\(archive())", "test/app:1")
        let name = "\(registry.host)/test/app:1"
        let service = try await ImageService.test(directory)
        let error = await #expect(throws: ImageError.self) { _ = try await service.pull(name) }
        #expect(
            error?.description.contains("x509: certificate signed by unknown authority") == true,
            "\(error.map(String.init(describing:)) ?? "")")
        service.update(
            registries: try configuration(
                #"{"configs":{"\#(registry.host)":{"tls":{"insecure_skip_verify":true}}}}"#))
        #expect(try await service.pull(name).id == Self.image.configDigest.description)
        service.update(
            registries: try configuration(
                #"{"configs":{"\#(registry.host)":{"tls":{"ca_file":"/missing"}}}}"#))
        let missing = await #expect(throws: ImageError.self) { _ = try await service.pull(name) }
        #expect(missing?.description.contains("ca_file /missing") == true)
        service.shutDown()
    }

    @Test func checksEndpoints() async throws {
        let registry = try TestRegistry(.tlsAndPassword)
        let hosts =
            #""127.0.0.1:\#(registry.port)":{"auth":{"username":"edge","password":"s3cret"},"tls":{"ca_file":"\#(registry.caFile)"}}"#
        let mirrors =
            #""r.invalid":{"endpoint":["https://127.0.0.1:\#(registry.port)","http://127.0.0.1:1"]}"#
        let service = try await ImageService.test(directory) {
            $0.registries =
                (try? configuration("{\"mirrors\":{\(mirrors)},\"configs\":{\(hosts)}}")) ?? .init()
        }
        let results = try await service.check("r.invalid/a")
        #expect(results.map { $0.error?.code } == [nil, .network, .network])
        service.shutDown()
    }

    @Test func mirrorWithRewrite() async throws {
        let registry = try TestRegistry()
        try registry.push("oci-archive:\(archive())", "cache/hub/library/app:1")
        let service = try await ImageService.test(directory) {
            $0.registries =
                (try? configuration(
                    #"{"mirrors":{"docker.io":{"endpoint":["http://127.0.0.1:1","http://\#(registry.host)"],"rewrite":{"^(.*)$":"cache/hub/$1"}}}}"#
                )) ?? .init()
        }
        let image = try await service.pull("app:1")
        #expect(image.repoTags == ["docker.io/library/app:1"])
        #expect(image.repoDigests.first?.hasPrefix("docker.io/library/app@") == true)
        service.shutDown()
    }

    @Test func manifestList() async throws {
        let registry = try TestRegistry()
        let foreign = TestImage([TestImage.layer("foreign", "f")], architecture: "s390x")
        let index: JSONValue = [
            "schemaVersion": 2, "mediaType": .string(MediaType.ociIndex),
            "manifests": .array(
                [(foreign, "s390x"), (Self.image, ImagePlatform.host.architecture)].map {
                    image, architecture in
                    var descriptor = TestImage.descriptor(image.manifest, MediaType.ociManifest)
                    descriptor["platform"] = ["os": "linux", "architecture": .string(architecture)]
                    return descriptor
                }),
        ]
        var entry = TestImage.descriptor(index.encoded, MediaType.ociIndex)
        entry["annotations"] = ["org.opencontainers.image.ref.name": "1"]
        let path = directory.file(
            "multi.tar",
            TarBuilder.build { tar in
                tar.file("oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
                tar.file("index.json", (["schemaVersion": 2, "manifests": [entry]] as JSONValue).encoded)
                for blob in [
                    index.encoded, foreign.manifest, foreign.config, Self.image.manifest, Self.image.config,
                ]
                    + foreign.layers + Self.image.layers
                { tar.file("blobs/sha256/\(ImageDigest.sha256(of: blob).hex)", blob) }
            })
        try registry.push("oci-archive:\(path)", "test/multi:1", all: true)
        let service = try await ImageService.test(directory)
        let image = try await service.pull("\(registry.host)/test/multi:1")
        #expect(image.id == Self.image.configDigest.description)
        // skopeo writes the index anew.
        let raw = try TestProcess.run(
            "skopeo", "inspect", "--raw", "--tls-verify=false", "docker://\(registry.host)/test/multi:1")
        #expect(image.repoDigests == ["\(registry.host)/test/multi@\(ImageDigest.sha256(of: raw.utf8))"])
        let other = try await ImageService.test(TestDirectory()) {
            $0.platform = ImagePlatform(os: "linux", architecture: "riscv64")
        }
        let error = await #expect(throws: ImageError.self) {
            _ = try await other.pull("\(registry.host)/test/multi:1")
        }
        #expect(error?.code == .platformMismatch)
        service.shutDown()
        other.shutDown()
    }

    @Test func errorsNameReferenceEndpointAndCause() async throws {
        let registry = try TestRegistry()
        let service = try await ImageService.test(directory)
        let missing = await #expect(throws: ImageError.self) {
            _ = try await service.pull("\(registry.host)/no/such:1")
        }
        #expect(missing?.code == .notFound)
        #expect(
            missing?.description
                == "failed to pull and unpack image \"\(registry.host)/no/such:1\": failed to resolve reference "
                + "\"\(registry.host)/no/such:1\": http://\(registry.host)/v2/no/such/manifests/1: not found")
        let down = await #expect(throws: ImageError.self) { _ = try await service.pull("127.0.0.1:1/a:1") }
        #expect(down?.code == .network)
        #expect(down?.description.contains("dial tcp 127.0.0.1:1: connect: connection refused") == true)
        let unknown = await #expect(throws: ImageError.self) {
            _ = try await service.pull("host.invalid/a:1")
        }
        #expect(
            unknown?.description.contains("no such host") == true,
            "\(unknown.map(String.init(describing:)) ?? "")")
        await #expect(throws: ImageReferenceError.self) { _ = try await service.pull("UPPER") }
        service.shutDown()
    }

    @Test func pullsAtTheSameTime() async throws {
        let registry = try TestRegistry()
        try registry.push("oci-archive:\(archive())", "test/app:1")
        try registry.push("oci-archive:\(archive())", "test/app:2")
        let service = try await ImageService.test(directory)
        let host = registry.host
        try await withThrowingTaskGroup(of: StoredImage.self) { group in
            for index in 0..<10 {
                group.addTask { try await service.pull("\(host)/test/app:\(index % 2 + 1)") }
            }
            for try await image in group { #expect(image.id == Self.image.configDigest.description) }
        }
        #expect(TestDirectory.names(service.store.layout.layers).count == 2)
        #expect(service.list().first?.repoTags.count == 2)
        #expect(service.leftovers.isEmpty)
        service.shutDown()
        withExtendedLifetime(registry) {}
    }
}
