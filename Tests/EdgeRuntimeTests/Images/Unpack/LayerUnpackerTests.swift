import CArchive
import EdgeSystem
import Glibc
import Testing

@testable import EdgeRuntime

/// Unpacks a handmade layer into a directory.
struct UnpackedLayer {
    let directory = TestDirectory()
    let summary: LayerSummary

    init(_ tar: [UInt8], limits: ImageLimits = ImageLimits(), diffID: ImageDigest? = nil) throws {
        let root = directory.make("fs")
        summary = try LayerUnpacker.unpack(
            MemoryBlockSource(tar, blockSize: 1000), into: root, diffID: diffID ?? .sha256(of: tar),
            limits: limits)
    }

    func path(_ name: String) -> String { "\(directory.path)/fs/\(name)" }

    func text(_ name: String) -> String { TestDirectory.text(path(name)) }

    func mode(_ name: String) -> UInt32? { TestDirectory.mode(path(name)) }

    func isWhiteout(_ name: String) -> Bool {
        (try? FileStatus(of: path(name))).map(LayerTree.isWhiteout) ?? false
    }

    func isOpaque(_ name: String) -> Bool {
        let descriptor = open(path(name), O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        return descriptor >= 0 && LayerTree.isOpaque(descriptor)
    }

    func attribute(_ name: String, of file: String) -> [UInt8]? {
        let descriptor = open(path(file), O_RDONLY)
        defer { close(descriptor) }
        var value = [UInt8](repeating: 0, count: 100)
        let count = edge_archive_fgetxattr(descriptor, name, &value, value.count)
        return count < 0 ? nil : Array(value[..<count])
    }
}

@Suite struct LayerUnpackerTests {
    @Test func metadata() throws {
        let capability =
            "\u{1}\u{0}\u{0}\u{2}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}"
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                tar.directory("./", mode: 0o750, uid: 5, gid: 6)
                tar.directory("bin/", mode: 0o2775, uid: 10, gid: 20, time: 1_000_000_000)
                tar.file(
                    "bin/su", "elf", mode: 0o4755, uid: 0, gid: 7,
                    attributes: [("security.capability", capability)])
                tar.file("bin/empty", time: 1_234_567_890, attributes: [("user.note", "hi")])
                tar.symlink("bin/sh", to: "/bin/busybox")
                tar.hardLink("bin/su2", to: "bin/su")
                tar.fifo("pipe")
                tar.device("null", major: 1, minor: 3)
                tar.device("disk", block: true, major: 8, minor: 1)
            })
        #expect(layer.summary.root == .init(mode: 0o750, uid: 5, gid: 6))
        #expect(layer.mode("bin") == S_IFDIR | 0o2775)
        #expect(TestDirectory.status(layer.path("bin"))?.st_mtim.tv_sec == 1_000_000_000)
        #expect(layer.mode("bin/su") == S_IFREG | 0o4755)
        #expect(layer.attribute("security.capability", of: "bin/su") == Array(capability.utf8))
        #expect(layer.attribute("user.note", of: "bin/empty") == Array("hi".utf8))
        let status = try #require(TestDirectory.status(layer.path("bin/su")))
        #expect(status.st_uid == 0 && status.st_gid == 7 && status.st_nlink == 2)
        #expect(TestDirectory.status(layer.path("bin/su2"))?.st_ino == status.st_ino)
        #expect(TestDirectory.status(layer.path("bin/empty"))?.st_mtim.tv_sec == 1_234_567_890)
        #expect(layer.mode("bin/sh") == S_IFLNK | 0o777)
        #expect(layer.mode("pipe") == S_IFIFO | 0o600)
        #expect(layer.mode("null") == S_IFCHR | 0o660)
        let disk = try FileStatus(of: layer.path("disk"))
        #expect(disk.deviceMajor == 8 && disk.deviceMinor == 1)
        #expect(layer.summary.entries == 8)
    }

    @Test func names() throws {
        let long = String(repeating: "d", count: 200) + "/" + String(repeating: "f", count: 250)
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                tar.file("/nix/store/x", "absolute")
                tar.file("./a//b/./c", "dots")
                tar.pax([("path", long)])
                tar.file("short", "long")
                tar.pax([("path", "zürich/名前")])
                tar.file("x", "utf8")
                tar.pax([("path", [0x66, 0xff, 0xfe])])
                tar.file("x", "bytes")
                tar.header([0x67, 0xe9], "0")
            })
        #expect(layer.text("nix/store/x") == "absolute")
        #expect(layer.text("a/b/c") == "dots")
        #expect(layer.text(long) == "long")
        #expect(layer.text("zürich/名前") == "utf8")
        let names = try DirectoryTree.names(in: open(layer.path(""), O_RDONLY), path: "")
        #expect(names.contains([0x66, -1, -2, 0]))
        #expect(names.contains([0x67, CChar(bitPattern: 0xe9), 0]))
    }

    @Test func whiteouts() throws {
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                tar.directory("etc/")
                tar.file("etc/.wh.passwd")
                tar.directory("opt/")
                tar.file("opt/.wh..wh..opq")
                tar.file("opt/new", "n")
                tar.file(".wh..wh.plnk")
                tar.file(".wh..wh.aufs")
            })
        #expect(layer.isWhiteout("etc/passwd"))
        #expect(layer.mode("etc/.wh.passwd") == nil)
        #expect(layer.isOpaque("opt"))
        #expect(!layer.isOpaque("etc"))
        #expect(layer.text("opt/new") == "n")
        #expect(TestDirectory.names(layer.path("")) == ["etc", "opt"])
        #expect(!layer.summary.isOpaque)
    }

    /// A whiteout hides lower layers only, wherever it stands in its own layer.
    @Test(arguments: [true, false])
    func whiteoutBesideEntryOfTheSameName(_ whiteoutFirst: Bool) throws {
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                if whiteoutFirst { for name in [".wh.d", ".wh.f", "x/.wh.y"] { tar.file(name) } }
                tar.directory("d/")
                tar.file("f", "content")
                tar.file("x/y/z", "deep")
                if !whiteoutFirst { for name in [".wh.d", ".wh.f", "x/.wh.y"] { tar.file(name) } }
            })
        #expect(layer.isOpaque("d"))
        #expect(layer.text("f") == "content")
        #expect(layer.isOpaque("x/y"))
        #expect(layer.text("x/y/z") == "deep")
    }

    @Test func opaqueRoot() throws {
        let layer = try UnpackedLayer(TarBuilder.build { $0.file(".wh..wh..opq") })
        #expect(layer.summary.isOpaque)
    }

    @Test func laterEntryReplacesEarlier() throws {
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                tar.file("a", "old")
                tar.file("a", "new")
                tar.directory("b/")
                tar.file("b/c/d", "x")
                tar.file("b", "file now")
                tar.symlink("l", to: "a")
                tar.directory("l/", mode: 0o700)
                tar.file("l/in", "in")
                tar.directory("keep/")
                tar.file("keep/x", "x")
                tar.directory("keep/", mode: 0o711)
                tar.file("h", "h")
                tar.hardLink("a", to: "h")
            })
        #expect(layer.text("a") == "h")
        #expect(layer.text("b") == "file now")
        #expect(layer.mode("l") == S_IFDIR | 0o700)
        #expect(layer.text("l/in") == "in")
        #expect(layer.text("keep/x") == "x")
        #expect(layer.mode("keep") == S_IFDIR | 0o711)
        #expect(layer.summary.implicitDirectories.isEmpty)
    }

    @Test func linksInsideTheLayerAreFollowed() throws {
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                tar.directory("usr/")
                tar.directory("usr/lib/")
                tar.symlink("lib", to: "usr/lib")
                tar.symlink("usr/up", to: "../usr/./lib")
                tar.file("lib/one", "1")
                tar.file("usr/up/two", "2")
                tar.hardLink("lib/three", to: "usr/up/two")
            })
        #expect(layer.text("usr/lib/one") == "1")
        #expect(layer.text("usr/lib/two") == "2")
        #expect(layer.text("usr/lib/three") == "2")
        #expect(layer.mode("lib") == S_IFLNK | 0o777)
    }

    @Test func sparseFile() throws {
        // A file of GNU's sparse format 1.0: two pieces of one block each in 1 MiB.
        let map = Array("2\n0\n512\n1048064\n512\n".utf8)
        let content =
            map + [UInt8](repeating: 0, count: 512 - map.count) + [UInt8](repeating: 0x61, count: 512)
            + [UInt8](repeating: 0x62, count: 512)
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                tar.pax([
                    ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "sparse"),
                    ("GNU.sparse.realsize", "1048576"),
                ])
                tar.file("GNUSparseFile.0/sparse", content)
            })
        let status = try #require(TestDirectory.status(layer.path("sparse")))
        #expect(status.st_size == 1_048_576)
        #expect(status.st_blocks * 512 < 100_000)
        let bytes = TestDirectory.read(layer.path("sparse"))
        #expect(bytes.first == 0x61 && bytes[600] == 0 && bytes.last == 0x62)
    }

    @Test func overlayAttributesAreLeftOut() throws {
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                tar.directory(
                    "d/", attributes: [("trusted.overlay.redirect", "/etc"), ("user.overlay.opaque", "y")])
            })
        #expect(layer.summary.droppedAttributes == 2)
        #expect(layer.attribute("trusted.overlay.redirect", of: "d") == nil)
    }

    @Test(arguments: ["gzip", "zstd"])
    func compressed(_ tool: String) throws {
        let directory = TestDirectory()
        let tar = TarBuilder.build { $0.file("big", [UInt8](repeating: 7, count: 3_000_000)) }
        let plain = directory.file("layer.tar", tar)
        try TestProcess.run(tool, "-q", "-k", plain)
        let packed = TestDirectory.read(plain + (tool == "gzip" ? ".gz" : ".zst"))
        #expect(packed.count < 100_000 && !packed.isEmpty)
        let root = directory.make("fs")
        // Members one after the other are one stream, as eStargz writes them.
        let summary = try LayerUnpacker.unpack(
            MemoryBlockSource(packed), into: root, diffID: .sha256(of: tar), limits: ImageLimits())
        #expect(summary.entries == 1)
        #expect(TestDirectory.read(root + "/big").count == 3_000_000)
    }

    @Test(arguments: [[], [UInt8](repeating: 0, count: 1024)])
    func emptyLayer(_ tar: [UInt8]) throws {
        let layer = try UnpackedLayer(tar)
        #expect(layer.summary.entries == 0)
        #expect(TestDirectory.names(layer.path("")).isEmpty)
    }

    @Test func summaryReadsBack() throws {
        let layer = try UnpackedLayer(
            TarBuilder.build { tar in
                tar.directory("./", mode: 0o711)
                tar.file("a/b/c", "x")
                tar.pax([("path", [0x66, 0xff, 0x2f, 0x67])])
                tar.file("x", "bytes")
                tar.file(".wh..wh..opq")
            })
        #expect(layer.summary.implicitDirectories.count == 3)
        #expect(try LayerSummary(layer.summary.json) == layer.summary)
    }
}
