import Glibc
import Testing

@testable import EdgeRuntime

/// Layers whose archives leave out the entries of parent directories.
@Suite struct ImplicitDirectoryTests {
    private static let base = TarBuilder.build { tar in
        tar.directory("tmp/", mode: 0o1777)
        tar.directory("srv/", mode: 0o700, uid: 33, gid: 33, attributes: [("user.note", "x")])
    }
    private static let top = TarBuilder.build { $0.file("tmp/cache/file", "f") }

    private func importing(_ layers: [[UInt8]], name: String, into service: ImageService) async throws {
        let directory = TestDirectory()
        let path = directory.file("i.tar", TestImage.archive([(name, TestImage(layers))]))
        _ = try await service.importArchive(path)
    }

    @Test func takesAttributesFromBelow() async throws {
        let directory = TestDirectory()
        let service = try await ImageService.test(directory)
        try await importing([Self.base, Self.top], name: "a.io/two:1", into: service)
        let trees = try service.rootFS(of: "a.io/two:1").lowerDirectories
        #expect(TestDirectory.mode(trees[0] + "/tmp") == S_IFDIR | 0o1777)
        #expect(TestDirectory.mode(trees[0] + "/tmp/cache") == S_IFDIR | 0o755)
    }

    @Test func ownerAndAttributes() async throws {
        let directory = TestDirectory()
        let service = try await ImageService.test(directory)
        let layer = TarBuilder.build { $0.file("srv/x", "x") }
        try await importing(
            [Self.base, TestImage.layer("other", "o"), layer], name: "a.io/three:1", into: service)
        let tree = try service.rootFS(of: "a.io/three:1").lowerDirectories[0]
        let status = try #require(TestDirectory.status(tree + "/srv"))
        #expect(status.st_uid == 33 && status.st_gid == 33 && status.st_mode == S_IFDIR | 0o700)
    }

    /// The same archive over other layers needs a form of its own, in whatever order the images come.
    @Test(arguments: [true, false])
    func adaptedLayersAreKeptApart(_ adaptedFirst: Bool) async throws {
        let directory = TestDirectory()
        let service = try await ImageService.test(directory)
        let images = [("a.io/over:1", [Self.base, Self.top]), ("a.io/alone:1", [Self.top])]
        for (name, layers) in adaptedFirst ? images : images.reversed() {
            try await importing(layers, name: name, into: service)
        }
        let over = try service.rootFS(of: "a.io/over:1").lowerDirectories[0]
        let alone = try service.rootFS(of: "a.io/alone:1").lowerDirectories[0]
        #expect(over != alone)
        #expect(TestDirectory.mode(over + "/tmp") == S_IFDIR | 0o1777)
        #expect(TestDirectory.mode(alone + "/tmp") == S_IFDIR | 0o755)
    }

    @Test func bothFormsFromOneArchive() async throws {
        let directory = TestDirectory()
        let service = try await ImageService.test(directory)
        let path = directory.file(
            "i.tar",
            TestImage.archive([
                ("a.io/alone:1", TestImage([Self.top])), ("a.io/over:1", TestImage([Self.base, Self.top])),
            ]))
        #expect(try await service.importArchive(path).count == 2)
        #expect(service.leftovers.isEmpty)
        let over = try service.rootFS(of: "a.io/over:1").lowerDirectories[0]
        #expect(TestDirectory.mode(over + "/tmp") == S_IFDIR | 0o1777)
    }

    @Test func hiddenDirectoriesDoNotCount() async throws {
        let directory = TestDirectory()
        let service = try await ImageService.test(directory)
        let hiding = TarBuilder.build { $0.file(".wh.tmp") }
        try await importing([Self.base, hiding, Self.top], name: "a.io/hidden:1", into: service)
        let tree = try service.rootFS(of: "a.io/hidden:1").lowerDirectories[0]
        #expect(TestDirectory.mode(tree + "/tmp") == S_IFDIR | 0o755)
    }
}
