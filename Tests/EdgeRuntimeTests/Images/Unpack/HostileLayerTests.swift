import Glibc
import Testing

@testable import EdgeRuntime

/// Layers that reach outside, lie or are too large: each is refused, and nothing is written outside.
@Suite struct HostileLayerTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let cause: String
        let build: @Sendable (inout TarBuilder) -> Void

        init(_ name: String, _ cause: String, _ build: @escaping @Sendable (inout TarBuilder) -> Void) {
            self.name = name
            self.cause = cause
            self.build = build
        }

        var testDescription: String { name }
    }

    static let attacks = [
        Attack("dot dot", "leads out of its root") { $0.file("../escaped", "x") },
        Attack("dot dot inside", "leads out of its root") { $0.file("a/../../escaped", "x") },
        Attack("dot dot directory", "leads out of its root") { $0.directory("a/..") },
        Attack("dot dot after slash", "leads out of its root") { $0.file("/../escaped", "x") },
        Attack("absolute link as parent", "leads out of the layer's root") {
            $0.symlink("l", to: "/tmp")
            $0.file("l/escaped", "x")
        },
        Attack("climbing link as parent", "leads out of the layer's root") {
            $0.symlink("l", to: "..")
            $0.file("l/escaped", "x")
        },
        Attack("deep climbing link", "leads out of the layer's root") {
            $0.directory("a/")
            $0.symlink("a/l", to: "../../..")
            $0.file("a/l/escaped", "x")
        },
        Attack("chain of links", "leads out of the layer's root") {
            $0.symlink("one", to: ".")
            $0.symlink("two", to: "one/..")
            $0.file("two/escaped", "x")
        },
        Attack("link loop", "too many symbolic links") {
            $0.symlink("l", to: "m")
            $0.symlink("m", to: "l")
            $0.file("l/escaped", "x")
        },
        Attack("hard link to outside", "leads out of its root") {
            $0.hardLink("passwd", to: "../../../etc/passwd")
        },
        Attack("hard link through a link", "leads out of the layer's root") {
            $0.symlink("l", to: "/etc")
            $0.hardLink("passwd", to: "l/passwd")
        },
        Attack("hard link to what is not there", "not a file of this layer") {
            $0.hardLink("passwd", to: "/etc/passwd")
        },
        Attack("hard link to itself", "hard link to itself") {
            $0.file("a", "x")
            $0.hardLink("a", to: "./a")
        },
        Attack("hard link to a directory", "not a file of this layer") {
            $0.directory("d/")
            $0.hardLink("e", to: "d")
        },
        Attack("whiteout of dot dot", "impossible name") { $0.file("a/.wh...") },
        Attack("whiteout of nothing", "impossible name") { $0.file(".wh.") },
        Attack("file as parent", "is not a directory") {
            $0.file("f", "x")
            $0.file("f/g", "x")
        },
        Attack("root as a file", "root is not a directory") { $0.file(".", "x") },
        Attack("name too long", "too long") {
            $0.pax([("path", String(repeating: "n", count: 256))]); $0.file("x")
        },
        Attack("path too long", "too long") {
            $0.pax([("path", String(repeating: "n/", count: 3000))])
            $0.file("x")
        },
        Attack("path too deep", "too deep") {
            $0.pax([("path", String(repeating: "n/", count: 300) + "f")])
            $0.file("x")
        },
        Attack("depth by links", "too deep") { tar in
            let deep = String(repeating: "d/", count: 150)
            tar.pax([("path", deep + "f")])
            tar.file("x")
            tar.pax([("linkpath", String(deep.dropLast()))])
            tar.symlink("s", to: "x")
            tar.pax([("path", "s/" + String(repeating: "e/", count: 100) + "f")])
            tar.file("x")
        },
        Attack("truncated", "broken archive") { tar in
            tar.file("whole", "x")
            tar.header(Array("cut".utf8), "0", size: 100_000)
        },
        Attack("garbage", "broken archive") { tar in tar.append([UInt8](repeating: 0x41, count: 4096)) },
        Attack("owner out of range", "out of range") { tar in
            tar.pax([("uid", "99999999999")])
            tar.file("x")
        },
        Attack("too many bytes", "more than 1000000 bytes") { tar in
            tar.pax([
                ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "bomb"),
                ("GNU.sparse.realsize", "9000000000000000"),
            ])
            tar.file("GNUSparseFile.0/bomb", Array("0\n".utf8) + [UInt8](repeating: 0, count: 510))
        },
    ]

    @Test(arguments: attacks)
    func isRefused(_ attack: Attack) throws {
        let tar = TarBuilder.build(attack.build)
        let directory = TestDirectory()
        let root = directory.make("fs")
        var limits = ImageLimits()
        limits.layerBytes = 1_000_000
        let error = #expect(throws: ImageError.self) {
            try LayerUnpacker.unpack(
                MemoryBlockSource(tar), into: root, diffID: .sha256(of: tar), limits: limits)
        }
        #expect(
            error?.description.contains(attack.cause) == true, "\(error.map(String.init(describing:)) ?? "")")
        #expect(TestDirectory.names(directory.path) == ["fs"])
        #expect(TestDirectory.mode("/tmp/escaped") == nil && TestDirectory.mode("/escaped") == nil)
        // What was made before the refusal can be removed whole.
        try DirectoryTree.remove(root)
        #expect(TestDirectory.names(directory.path).isEmpty)
    }

    @Test func wrongDiffID() throws {
        let tar = TestImage.layer("a", "x")
        let error = #expect(throws: ImageError.self) {
            try UnpackedLayer(tar, diffID: .sha256(of: "other".utf8))
        }
        #expect(error?.code == .digestMismatch)
    }

    @Test func decompressionBomb() throws {
        let directory = TestDirectory()
        let plain = directory.file("zeros", [UInt8](repeating: 0, count: 8 << 20))
        try TestProcess.run("gzip", "-9", plain)
        var limits = ImageLimits()
        limits.layerBytes = 1 << 20
        let error = #expect(throws: ImageError.self) {
            try UnpackedLayer(TestDirectory.read(plain + ".gz"), limits: limits)
        }
        #expect(error?.code == .limitExceeded)
    }

    @Test func tooManyEntries() throws {
        var limits = ImageLimits()
        limits.layerEntries = 10
        let tar = TarBuilder.build { tar in for index in 0..<11 { tar.file("f\(index)") } }
        let error = #expect(throws: ImageError.self) { try UnpackedLayer(tar, limits: limits) }
        #expect(error?.code == .limitExceeded)
    }

    @Test func fullDisk() throws {
        var limits = ImageLimits()
        limits.reservedBytes = .max
        let error = #expect(throws: ImageError.self) {
            try UnpackedLayer(TestImage.layer("a", "x"), limits: limits)
        }
        #expect(error?.code == .noSpace)
        #expect(error?.description.contains("no space left on device") == true)
    }

    /// Every prefix and many damaged copies of an archive: an error or a result, never a crash.
    @Test func damagedArchives() throws {
        let tar = TarBuilder.build { tar in
            tar.directory("d/")
            tar.pax([("path", "d/long"), ("mtime", "1.5"), ("SCHILY.xattr.user.a", "b")])
            tar.file("x", "content", mode: 0o4755)
            tar.hardLink("d/h", to: "d/long")
            tar.symlink("l", to: "d")
            tar.file("l/.wh.y")
        }
        var seed: UInt64 = 42
        for round in 0..<400 {
            var copy = tar
            if round < 200 {
                copy.removeLast(copy.count * round / 200)
            } else {
                for _ in 0..<5 {
                    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    copy[Int(seed >> 33) % copy.count] = UInt8(truncatingIfNeeded: seed >> 20)
                }
            }
            let directory = TestDirectory()
            let root = directory.make("fs")
            _ = try? LayerUnpacker.unpack(
                MemoryBlockSource(copy), into: root, diffID: .sha256(of: copy), limits: ImageLimits())
            #expect(TestDirectory.names(directory.path) == ["fs"])
        }
    }
}
