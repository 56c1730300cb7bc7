import EdgeBase
import EdgeSystem
import Testing

@testable import EdgeKubelet

struct AtomicWriterTests {
    private let root = TestDirectory()
    private var volume: String { root.path + "/volume" }

    private func file(_ text: String, _ mode: UInt32 = 0o644) -> ProjectedFile {
        ProjectedFile(bytes: Array(text.utf8), mode: mode)
    }

    private func versions() throws -> [String] {
        try Directory.names(volume).filter { $0.hasPrefix("..") && $0 != "..data" }
    }

    @Test func writesOnceAndReplacesAtOnce() throws {
        let writer = AtomicWriter(directory: volume)
        #expect(try writer.write(["a": file("1"), "dir/b": file("2", 0o400)], now: time(1)))
        #expect(try File.readText(volume + "/a") == "1")
        #expect(try File.readText(volume + "/dir/b") == "2")
        #expect(try FileStatus(of: volume + "/dir/b").mode == 0o400)
        #expect(try FileStatus(of: volume + "/a").kind == .symbolicLink)
        #expect(try FileStatus(of: volume + "/..data").kind == .symbolicLink)
        #expect(try !writer.write(["a": file("1"), "dir/b": file("2", 0o400)], now: time(2)))
        let before = try versions()
        #expect(try writer.write(["a": file("new"), "c": file("3")], now: time(3)))
        #expect(try File.readText(volume + "/a") == "new")
        #expect(!File.exists(volume + "/dir"))
        #expect(File.exists(volume + "/c"))
        #expect(try versions().count == 1)
        #expect(try versions() != before)
    }

    @Test func emptyVolume() throws {
        let writer = AtomicWriter(directory: volume)
        #expect(try writer.write([:], now: time(1)))
        #expect(try !writer.write([:], now: time(2)))
    }

    @Test func groupMayRead() throws {
        let writer = AtomicWriter(directory: volume, group: 1234)
        try writer.write(["a": file("1", 0o400)], now: time(1))
        let status = try FileStatus(of: volume + "/a", followLinks: true)
        #expect(status.mode == 0o440)
        #expect(status.group == 1234)
        #expect(try !writer.write(["a": file("1", 0o400)], now: time(2)))
    }

    @Test func recoversFromAnInterruptedWrite() throws {
        let writer = AtomicWriter(directory: volume)
        try writer.write(["a": file("1")], now: time(1))
        try PathOperations.link("..nowhere", at: volume + "/..data_tmp")
        try Directory.make(volume + "/..2025_stale")
        try writer.write(["a": file("2")], now: time(2))
        #expect(try File.readText(volume + "/a") == "2")
        #expect(try versions().count == 1)
    }

    @Test(arguments: ["", "/abs", "../up", "a/../b", "..data", "a//b"])
    func refusesPaths(_ path: String) {
        #expect(throws: KubeletError.self) {
            try AtomicWriter(directory: volume).write([path: file("x")], now: time(1))
        }
    }
}

struct HostPathTypeTests {
    private let root = TestDirectory()

    @Test func types() throws {
        let path = root.path
        try File.write([1], to: path + "/file")
        try HostPathType.check(path, type: "Directory")
        try HostPathType.check(path + "/file", type: "File")
        try HostPathType.check(path + "/made", type: "DirectoryOrCreate")
        try HostPathType.check(path + "/madefile", type: "FileOrCreate")
        try HostPathType.check("/dev/null", type: "CharDevice")
        try HostPathType.check(path + "/none", type: "")
        #expect(try FileStatus(of: path + "/made").kind == .directory)
        #expect(throws: KubeletError("hostPath type check failed: \(path)/file is not a directory")) {
            try HostPathType.check(path + "/file", type: "Directory")
        }
        #expect(throws: KubeletError.self) { try HostPathType.check(path + "/none", type: "Socket") }
    }
}
