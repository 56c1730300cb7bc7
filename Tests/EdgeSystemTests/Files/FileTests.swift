import Testing

@testable import EdgeSystem

@Suite struct FileTests {
    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = "/tmp/edge-test-files-\(UInt32.random(in: 0 ... .max))"
        try Directory.make(directory)
        defer { try? Directory.removeTree(directory) }
        try body(directory)
    }

    @Test func readsAndReplaces() throws {
        try Self.withDirectory { directory in
            let path = directory + "/a/b/c"
            try Directory.make(directory + "/a/b")
            try File.writeAtomically(Array("one".utf8), to: path, mode: 0o600)
            try File.writeAtomically(Array("two".utf8), to: path, mode: 0o600)
            #expect(try File.readText(path) == "two")
            #expect(try FileStatus(of: path).mode == 0o600)
            #expect(try Directory.names(directory + "/a/b") == ["c"])
            #expect(throws: SystemError("read", path, Errno(rawValue: 27))) {
                _ = try File.read(path, limit: 2)
            }
            let large = [UInt8](repeating: 1, count: 300_000)
            try File.write(large, to: path)
            #expect(try File.read(path) == large)
            #expect(try Directory.diskUsage(directory) >= 300_000)
        }
    }

    @Test func removesTreesButNotWhatLinksPointTo() throws {
        try Self.withDirectory { directory in
            try Directory.make(directory + "/tree/deep/deeper")
            try File.write([1], to: directory + "/outside")
            try Self.link(directory + "/outside", directory + "/tree/deep/link")
            try Directory.removeTree(directory + "/tree")
            #expect(!File.exists(directory + "/tree"))
            #expect(File.exists(directory + "/outside"))
            try Directory.removeTree(directory + "/tree")
        }
    }

    @Test func pathsStayInside() throws {
        try Self.withDirectory { directory in
            try Directory.make(directory + "/root/etc")
            try File.write(Array("inside".utf8), to: directory + "/root/etc/passwd")
            try Self.link("/etc/passwd", directory + "/root/absolute")
            try Self.link("../../../../etc/passwd", directory + "/root/climbing")
            for name in ["absolute", "climbing"] {
                let file = try ContainedPath.open(name, inRoot: directory + "/root")
                #expect(try File.read(file.rawValue, limit: 100, name: name) == Array("inside".utf8))
                #expect(throws: SystemError.self) {
                    _ = try ContainedPath.open(name, beneath: directory + "/root")
                }
            }
        }
    }

    private static func link(_ contents: String, _ path: String) throws {
        try SymbolicLink.make(path, contents: contents)
    }

    @Test func keepsAttributes() throws {
        try Self.withDirectory { directory in
            #expect(try ExtendedAttribute.get("trusted.x", of: directory) == nil)
            try ExtendedAttribute.set("trusted.x", of: directory, to: [1, 2])
            #expect(try ExtendedAttribute.get("trusted.x", of: directory) == [1, 2])
            #expect(try ExtendedAttribute.names(of: directory).contains("trusted.x"))
        }
    }

    private func last(_ lines: Int, _ file: Int32) throws -> [Int] {
        let found = try Tail.find(lines: lines, in: file, name: "log")
        return [Int(found.offset), found.lines]
    }

    @Test func findsTheLastLines() throws {
        try Self.withDirectory { directory in
            let path = directory + "/log"
            try File.write(Array("a\nb\nc\n".utf8), to: path)
            let file = try File.open(path)
            #expect(try last(2, file.rawValue) == [2, 2])
            #expect(try last(5, file.rawValue) == [0, 3])
            #expect(try last(0, file.rawValue) == [6, 0])
            let long = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
            try File.write(long + Array("\nend\n".utf8), to: path)
            let second = try File.open(path)
            #expect(try last(1, second.rawValue) == [100_001, 1])
            #expect(try last(2, second.rawValue) == [0, 2])
        }
    }
}
