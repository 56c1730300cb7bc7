import EdgeBase
import Glibc
import Testing

@testable import EdgeRuntime

@Suite struct ImageStoreTests {
    let directory = TestDirectory()
    static let shared = TestImage.layer("shared", "s")
    static let one = TestImage([shared, TestImage.layer("one", "1")])
    static let two = TestImage([shared, TestImage.layer("two", "2")], command: "two")

    private func load(_ images: [(String, TestImage)], into service: ImageService, pinned: Bool = false)
        async throws
    {
        let path = directory.file("images.tar", TestImage.archive(images.map { (name: $0.0, image: $0.1) }))
        _ = try await service.importArchive(path, isPinned: pinned)
    }

    private func layerCount(_ service: ImageService) -> Int {
        TestDirectory.names(service.store.layout.layers).count
    }

    @Test func survivesRestart() async throws {
        var service: ImageService? = try await .test(directory)
        try await load([("r.io/one:1", Self.one)], into: #require(service))
        let before = service?.list()
        service = nil
        let again = try await ImageService.test(directory)
        #expect(again.list() == before)
        #expect(try again.path("one", in: "r.io/one:1").map(TestDirectory.text) == "1")
        #expect(try await again.config(of: "r.io/one:1").command == ["sh"])
    }

    @Test func oneProcessAtATime() async throws {
        let service = try await ImageService.test(directory)
        let error = await #expect(throws: ImageError.self) { _ = try await ImageService.test(directory) }
        #expect(error?.code == .inUse)
        withExtendedLifetime(service) {}
    }

    @Test func findsByNameAndId() async throws {
        let service = try await ImageService.test(directory)
        try await load([("docker.io/library/one:latest", Self.one)], into: service)
        let id = Self.one.configDigest.description
        let digest = "docker.io/library/one@\(Self.one.manifestDigest)"
        for text in ["one", "one:latest", "docker.io/one", id, String(id.dropFirst(7).prefix(12)), digest] {
            #expect(service.status(text)?.id == id, "\(text)")
        }
        #expect(service.status("one:2") == nil)
        #expect(service.status("two") == nil)
        let image = try #require(service.status("one"))
        #expect(image.repoTags == ["docker.io/library/one:latest"])
        #expect(image.repoDigests == [digest])
        #expect(image.imageRef == digest)
        #expect(image.size > 0)
    }

    @Test func sharedLayersStayWithTheOtherImage() async throws {
        let service = try await ImageService.test(directory)
        try await load([("r.io/one:1", Self.one), ("r.io/two:1", Self.two)], into: service)
        #expect(layerCount(service) == 3)
        try await service.remove("r.io/one:1")
        #expect(layerCount(service) == 2)
        #expect(service.status("r.io/one:1") == nil)
        #expect(try service.path("shared", in: "r.io/two:1") != nil)
        #expect(!ImageFile.exists(service.store.layout.blob(Self.one.configDigest)))
        try await service.remove("r.io/two:1")
        #expect(layerCount(service) == 0)
        #expect(TestDirectory.names(service.store.layout.blobs + "/sha256").isEmpty)
        #expect(service.leftovers.isEmpty)
        try await service.remove("r.io/two:1")
    }

    @Test func removingOneNameKeepsTheOthers() async throws {
        let service = try await ImageService.test(directory)
        try await load([("r.io/one:1", Self.one), ("r.io/one:2", Self.one)], into: service)
        try await service.remove("r.io/one:1")
        #expect(service.status("r.io/one:2")?.repoTags == ["r.io/one:2"])
        try await service.remove(Self.one.configDigest.description)
        #expect(service.list().isEmpty)
    }

    @Test func aTagMovesToTheNewImage() async throws {
        let service = try await ImageService.test(directory)
        try await load([("r.io/app:1", Self.one)], into: service)
        try await load([("r.io/app:1", Self.two)], into: service)
        #expect(service.status("r.io/app:1")?.id == Self.two.configDigest.description)
        #expect(service.status(Self.one.configDigest.description)?.repoTags == [])
        #expect(service.list().count == 2)
    }

    @Test func imagesInUseStay() async throws {
        let service = try await ImageService.test(directory)
        try await load([("r.io/one:1", Self.one)], into: service)
        try service.use("r.io/one:1", by: "container-1")
        let error = await #expect(throws: ImageError.self) { try await service.remove("r.io/one:1") }
        #expect(error?.code == .inUse)
        #expect(error?.description.contains("container-1") == true)
        #expect(try await service.prune().removed.isEmpty)
        service.release("container-1")
        #expect(try await service.prune().removed == [Self.one.configDigest.description])
        #expect(throws: ImageError.self) { try service.use("r.io/one:1", by: "x") }
    }

    @Test func pruneGoesByLastUse() async throws {
        let clock = ManualClock()
        let service = try await ImageService.test(directory, clock: clock)
        try await load([("r.io/one:1", Self.one)], into: service)
        clock.advance(by: .seconds(60))
        try await load([("r.io/two:1", Self.two)], into: service)
        clock.advance(by: .seconds(60))
        try service.use("r.io/one:1", by: "c")
        service.release("c")
        let young = try await service.prune(.init(minimumAge: .seconds(3600)))
        #expect(young.removed.isEmpty)
        let result = try await service.prune(.init(bytesToFree: 1))
        #expect(result.removed == [Self.two.configDigest.description])
        #expect(result.freedBytes > 0)
        try await service.setPinned("r.io/one:1", true)
        #expect(try await service.prune().removed.isEmpty)
    }

    /// What a power loss may leave: a record without its layer, half a record, half a layer.
    @Test(arguments: ["layer", "record", "config", "image", "ingest"])
    func damageIsFoundAtStart(_ what: String) async throws {
        var service: ImageService? = try await .test(directory)
        try await load([("r.io/one:1", Self.one), ("r.io/two:1", Self.two)], into: #require(service))
        let layout = try #require(service?.store.layout)
        let top = try #require(try service?.path("one", in: "r.io/one:1"))
        let layer = ImageFile.parent(of: ImageFile.parent(of: top))
        service = nil
        switch what {
        case "layer": try DirectoryTree.remove(layer + "/fs")
        case "record": #expect(truncate(layer + "/layer.json", 10) == 0)
        case "config": #expect(truncate(layout.blob(Self.one.configDigest), 10) == 0)
        case "image": #expect(truncate(layout.image(Self.one.configDigest), 0) == 0)
        default: mkdir(layout.ingest + "/9", 0o755)
        }
        let again = try await ImageService.test(directory)
        #expect((again.status("r.io/one:1") == nil) == (what != "ingest"))
        #expect(try again.path("two", in: "r.io/two:1") != nil)
        #expect(again.leftovers.isEmpty)
        try await load([("r.io/one:1", Self.one)], into: again)
        #expect(try again.path("one", in: "r.io/one:1").map(TestDirectory.text) == "1")
    }

    @Test func verifyDropsDamagedLayers() async throws {
        let service = try await ImageService.test(directory)
        try await load([("r.io/one:1", Self.one)], into: service)
        #expect(try await service.verify().isEmpty)
        let path = try #require(try service.path("one", in: "r.io/one:1"))
        unlink(path)
        #expect(try await service.verify().count == 1)
        #expect(service.status("r.io/one:1") == nil)
    }

    @Test func usage() async throws {
        let service = try await ImageService.test(directory)
        try await load([("r.io/one:1", Self.one)], into: service)
        let usage = try await service.fileSystemUsage()
        #expect(usage.layerCount == 2)
        #expect(usage.usedBytes > 0 && usage.availableBytes > 0 && usage.inodesFree > 0)
        #expect(usage.path == service.store.layout.root)
    }

    @Test func rootFSOfSpecialImages() async throws {
        let service = try await ImageService.test(directory)
        let opaque = TarBuilder.build { tar in
            tar.directory("./", mode: 0o711, uid: 3)
            tar.file(".wh..wh..opq")
        }
        try await load(
            [("r.io/none:1", TestImage([])), ("r.io/opaque:1", TestImage([Self.shared, opaque]))],
            into: service)
        #expect(try service.rootFS(of: "r.io/none:1").lowerDirectories == [service.store.layout.empty])
        let root = try service.rootFS(of: "r.io/opaque:1")
        #expect(root.lowerDirectories.count == 1)
        #expect(root.rootMode == 0o711 && root.rootUID == 3)
        #expect(throws: ImageError.self) { try service.rootFS(of: "r.io/missing:1") }
    }
}

@Suite struct ImageCollectionPolicyTests {
    private static func key(_ name: String) -> LayerKey { LayerKey(.sha256(of: name.utf8)) }

    private static func image(
        _ name: String, used: Int64, pinned: Bool = false, inUse: Bool = false, _ layers: [String: Int64]
    ) -> ImageCollectionPolicy.Candidate {
        .init(
            id: .sha256(of: name.utf8), lastUsed: Timestamp(seconds: used), isPinned: pinned, isUsed: inUse,
            layers: Dictionary(uniqueKeysWithValues: layers.map { (key($0.key), $0.value) }))
    }

    private static let images = [
        image("new", used: 300, ["base": 100, "n": 10]), image("old", used: 100, ["base": 100, "o": 10]),
        image("pinned", used: 1, pinned: true, ["p": 50]), image("used", used: 2, inUse: true, ["u": 50]),
    ]

    @Test(arguments: [
        (ImageCollectionPolicy(), ["old", "new"]),
        (ImageCollectionPolicy(bytesToFree: 10), ["old"]),
        // The base layer goes only with the second image.
        (ImageCollectionPolicy(bytesToFree: 11), ["old", "new"]),
        (ImageCollectionPolicy(bytesToFree: 0), []),
        (ImageCollectionPolicy(minimumAge: .seconds(200)), ["old"]),
        (ImageCollectionPolicy(minimumAge: .seconds(1000)), []),
    ])
    func plan(_ policy: ImageCollectionPolicy, _ expected: [String]) {
        let plan = policy.plan(Self.images, now: Timestamp(seconds: 400))
        #expect(plan == expected.map { .sha256(of: $0.utf8) })
    }
}
