import EdgeJSON
import EdgeSystem
import Glibc
import Testing

@testable import EdgeRuntime

/// Archives as skopeo writes them, and such as only hands write.
@Suite struct ArchiveImportTests {
    let directory = TestDirectory()
    static let image = TestImage([
        TarBuilder.build { tar in
            tar.directory("etc/")
            tar.file("etc/a", "base")
            tar.file("etc/b", "base")
        },
        TarBuilder.build { tar in
            tar.directory("etc/")
            tar.file("etc/.wh.a")
            tar.file("etc/c", "top")
        },
    ])

    /// The image as an OCI archive, the source of the others.
    private func source() -> String {
        directory.file("source.tar", TestImage.archive([("docker.io/test/app:1", Self.image)]))
    }

    private func check(_ service: ImageService, _ name: String) throws {
        let image = try #require(service.status(name))
        #expect(image.repoTags.contains(try ImageReference(parsing: name).normalized.description))
        let trees = try service.rootFS(of: name).lowerDirectories
        #expect(trees.count == 2)
        #expect(TestDirectory.text(trees[0] + "/etc/c") == "top")
        #expect(LayerTree.isWhiteout(try FileStatus(of: trees[0] + "/etc/a")))
        #expect(TestDirectory.text(trees[1] + "/etc/b") == "base")
        #expect(service.leftovers.isEmpty)
    }

    @Test(arguments: ["docker-archive", "oci-archive"], ["", "gzip", "zstd"])
    func fromSkopeo(_ format: String, _ compression: String) async throws {
        var path = directory.path + "/archive.tar"
        try TestProcess.run(
            "skopeo", "copy", "-q", "oci-archive:\(source())", "\(format):\(path):docker.io/test/app:1")
        if !compression.isEmpty {
            try TestProcess.run(compression, "-q", path)
            path += compression == "gzip" ? ".gz" : ".zst"
        }
        let service = try await ImageService.test(directory)
        let images = try await service.importArchive(path)
        #expect(images.count == 1)
        try check(service, "test/app:1")
        // Again: nothing changes.
        #expect(try await service.importArchive(path).map(\.id) == images.map(\.id))
        #expect(service.list().count == 1)
    }

    @Test func severalImages() async throws {
        let other = TestImage([Self.image.layers[0]], command: "other")
        let path = directory.file(
            "many.tar",
            TestImage.archive([("r.io/a:1", Self.image), ("r.io/b:2", other), ("r.io/c:3", Self.image)]))
        let service = try await ImageService.test(directory)
        #expect(try await service.importArchive(path).count == 3)
        #expect(service.list().count == 2)
        #expect(service.status("r.io/c:3")?.repoTags == ["r.io/a:1", "r.io/c:3"])
        #expect(TestDirectory.names(service.store.layout.layers).count == 2)
    }

    /// Old Docker and skopeo write a layer once and link to it.
    @Test func dockerArchiveWithLinkedLayers() async throws {
        let layer = TestImage.layer("f", "x")
        let image = TestImage([layer, layer])
        let path = directory.file(
            "linked.tar",
            TarBuilder.build { tar in
                tar.file("aaa/layer.tar", layer)
                tar.symlink("bbb/layer.tar", to: "../aaa/layer.tar")
                tar.file("config.json", image.config)
                tar.file(
                    "manifest.json",
                    #"[{"Config":"config.json","RepoTags":["app:1"],"Layers":["aaa/layer.tar","bbb/layer.tar"]}]"#
                )
            })
        let service = try await ImageService.test(directory)
        #expect(try await service.importArchive(path).first?.repoTags == ["docker.io/library/app:1"])
        #expect(try service.rootFS(of: "app:1").lowerDirectories.count == 2)
    }

    @Test func multiArchitectureIndex() async throws {
        let foreign = TestImage([TestImage.layer("foreign", "f")], architecture: "s390x")
        let index: JSONValue = [
            "schemaVersion": 2, "mediaType": .string(MediaType.ociIndex),
            "manifests": .array(
                [foreign, Self.image].map { image in
                    var descriptor = TestImage.descriptor(image.manifest, MediaType.ociManifest)
                    let architecture =
                        image.config == foreign.config ? "s390x" : ImagePlatform.host.architecture
                    descriptor["platform"] = ["os": "linux", "architecture": .string(architecture)]
                    return descriptor
                }),
        ]
        var entry = TestImage.descriptor(index.encoded, MediaType.ociIndex)
        entry["annotations"] = ["io.containerd.image.name": "docker.io/test/app:1"]
        let path = directory.file(
            "multi.tar",
            TarBuilder.build { tar in
                tar.file("oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
                tar.file("index.json", (["schemaVersion": 2, "manifests": [entry]] as JSONValue).encoded)
                // The other platform's layers are left out, as `docker save --platform` does.
                for blob in [index.encoded, foreign.manifest, Self.image.manifest, Self.image.config]
                    + Self.image.layers
                {
                    tar.file("blobs/sha256/\(ImageDigest.sha256(of: blob).hex)", blob)
                }
            })
        let service = try await ImageService.test(directory)
        #expect(
            try await service.importArchive(path).first?.repoDigests
                == ["docker.io/test/app@\(ImageDigest.sha256(of: index.encoded))"])
        try check(service, "test/app:1")
    }

    @Test func bareTagNeedsAName() async throws {
        let path = directory.file("bare.tar", TestImage.archive([("v1", Self.image)]))
        let service = try await ImageService.test(directory)
        let error = await #expect(throws: ImageError.self) { _ = try await service.importArchive(path) }
        #expect(error?.description.contains("give it one") == true)
        let images = try await service.importArchive(path, baseName: "r.io/named")
        #expect(images.first?.repoTags == ["r.io/named:v1"])
    }

    @Test(arguments: [
        ("nothing", "neither an OCI layout"), ("foreign", "no match for platform"),
        ("lacks layer", "lacks the layer"),
        ("wrong layer", "has digest"), ("wrong config", "has digest"), ("escape", "leads out"),
        ("not tar", "broken archive"), ("diff ids", "diff ids"), ("bad json", "is not JSON"),
    ])
    func refuses(_ what: String, _ cause: String) async throws {
        var bytes = TarBuilder.build { tar in
            switch what {
            case "nothing": tar.file("readme", "x")
            case "bad json": tar.file("manifest.json", "[{")
            case "diff ids":
                tar.file("c.json", Self.image.config)
                tar.file("manifest.json", #"[{"Config":"c.json","RepoTags":["a:1"],"Layers":[]}]"#)
            default: break
            }
        }
        var image = Self.image
        switch what {
        case "foreign":
            bytes = TestImage.archive([("r.io/a:1", TestImage(image.layers, architecture: "s390x"))])
        case "lacks layer":
            image.layers.removeLast()
            bytes = TestImage.archive([("r.io/a:1", image)])
        case "wrong layer", "wrong config":
            bytes = TestImage.archive([("r.io/a:1", image)])
            let needle = Array((what == "wrong layer" ? "top" : "\"os\":\"linux\"").utf8)
            let place = try #require(bytes.indices.last { bytes[$0...].starts(with: needle) })
            bytes[place + 1] ^= 1
        case "escape": bytes = TestImage.archive([("r.io/a:1", TestImage([TestImage.layer("../x", "x")]))])
        case "not tar": bytes = Array("hello, this is no archive".utf8)
        default: break
        }
        let path = directory.file("bad.tar", bytes)
        let service = try await ImageService.test(directory)
        let error = await #expect(throws: ImageError.self) { _ = try await service.importArchive(path) }
        let text = error.map(String.init(describing:)) ?? ""
        #expect(text.contains(cause) && text.contains(path), "\(text)")
        #expect(service.list().isEmpty)
        #expect(service.leftovers.isEmpty)
    }

    @Test func importsADirectoryOnce() async throws {
        let images = directory.make("images")
        _ = directory.file("images/a.tar", TestImage.archive([("r.io/a:1", Self.image)]))
        _ = directory.file(
            "images/b.tar", TestImage.archive([("r.io/b:1", TestImage([Self.image.layers[0]]))]))
        try TestProcess.run("gzip", "-q", images + "/b.tar")
        _ = directory.file("images/c.tar", [1, 2, 3])
        _ = directory.file("images/notes.txt", [])
        var service: ImageService? = try await .test(directory)
        let first = try await service?.importDirectory(images) ?? []
        #expect(first.map { $0.error == nil } == [true, true, false])
        #expect(first.allSatisfy { !$0.isUnchanged })
        #expect(service?.status("r.io/a:1")?.isPinned == true)
        service = nil
        let again = try await ImageService.test(directory)
        #expect(try await again.importDirectory(images).map(\.isUnchanged) == [true, true, false])
        // An image that is gone, and a file that has changed, are read again.
        try await again.remove("r.io/a:1")
        _ = directory.file("images/c.tar", TestImage.archive([("r.io/c:1", Self.image)]))
        #expect(try await again.importDirectory(images).map(\.isUnchanged) == [false, true, false])
        #expect(again.list().count == 2)
        #expect(try await again.importDirectory(directory.path + "/missing").isEmpty)
    }
}
