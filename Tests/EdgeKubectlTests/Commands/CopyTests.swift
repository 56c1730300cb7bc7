import Synchronization
import Testing

@testable import EdgeKubectl

@Suite struct CopyTests {
    private let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    private func archive(_ entries: [(TarArchive.Entry, [UInt8])]) -> [UInt8] {
        entries.flatMap { TarArchive.header($0.0) + TarArchive.padded($0.1) } + TarArchive.end
    }

    private func file(_ path: String, _ text: String) -> (TarArchive.Entry, [UInt8]) {
        (.init(path: path, kind: .file, mode: 0o640, size: text.utf8.count), Array(text.utf8))
    }

    /// The first header of an archive, byte for byte as GNU tar writes it.
    @Test func writesUstarHeaders() {
        let header = TarArchive.header(.init(path: "a", kind: .file, mode: 0o644, size: 5))
        #expect(header.count == 512)
        #expect(Array(header[0..<2]) == [0x61, 0])  // name
        #expect(String(decoding: header[100..<107], as: UTF8.self) == "0000644")  // mode
        #expect(String(decoding: header[124..<135], as: UTF8.self) == "00000000005")  // size
        #expect(header[156] == UInt8(ascii: "0"))  // type
        #expect(Array(header[257..<265]) == Array("ustar\u{0}00".utf8))
    }

    @Test(arguments: [1, 7, 512, 513, 100_000]) func readsWhatItWrites(step: Int) throws {
        let long = String(repeating: "d/", count: 80) + "file"
        let bytes = archive([
            (.init(path: "dir", kind: .directory, mode: 0o755, size: 0), []), file("dir/a", "hello"),
            file(long, "x"),
            file("empty", ""),
        ])
        var reader = TarReader()
        var entries: [String] = []
        var content = ""
        for start in stride(from: 0, to: bytes.count, by: step) {
            for event in try reader.read(Array(bytes[start..<min(start + step, bytes.count)])) {
                switch event {
                case .entry(let entry):
                    entries.append("\(entry.path) \(entry.kind) \(String(entry.mode, radix: 8))")
                case .content(let bytes): content += String(decoding: bytes, as: UTF8.self)
                case .endOfEntry: content += "|"
                }
            }
        }
        #expect(entries == ["dir/ directory 755", "dir/a file 640", "\(long) file 640", "empty file 640"])
        #expect(content == "|hello|x||")
    }

    @Test func brokenArchivesAreRefused() {
        var reader = TarReader()
        #expect(throws: KubectlError.self) { try reader.read([UInt8](repeating: 0x41, count: 512)) }
    }

    @Test func extractsBelowTheTargetOnly() async throws {
        let directory = temporary.path
        let warnings = Mutex<[String]>([])
        let extractor = TarExtractor(source: "/data/src", target: "\(directory)/copy") { text in
            warnings.withLock { $0.append(text) }
        }
        try await extractor.take(
            archive([
                (.init(path: "data/src", kind: .directory, mode: 0o755, size: 0), []),
                file("data/src/a", "one"),
                file("data/src/../../evil", "no"), file("elsewhere", "no"),
                (.init(path: "data/src/link", kind: .other(UInt8(ascii: "2")), mode: 0o777, size: 0), []),
                file("data/src/sub/b", "two"),
            ]))
        try await extractor.finish()
        #expect(
            try HostFiles.list(directory, recursive: true) == [
                "\(directory)/copy/a", "\(directory)/copy/sub/b",
            ])
        #expect(try HostFiles.read("\(directory)/copy/sub/b") == Array("two".utf8))
        #expect(warnings.withLock { $0.count } == 3)
    }

    @Test func aMissingSourceIsAnError() async {
        let extractor = TarExtractor(source: "/nope", target: "/tmp/x") { _ in }
        await #expect(throws: KubectlError.self) { try await extractor.finish() }
    }

    @Test func archivesDirectories() async throws {
        let directory = temporary.path
        try HostFiles.makeDirectories("\(directory)/in/sub")
        try HostFiles.write("\(directory)/in/sub/a", Array("hello".utf8))
        let writer = TarWriter(root: "\(directory)/in", name: "out")
        let extractor = TarExtractor(source: "out", target: "\(directory)/copy") { _ in }
        while let bytes = try await writer.read() { try await extractor.take(bytes) }
        try await extractor.finish()
        #expect(try HostFiles.read("\(directory)/copy/sub/a") == Array("hello".utf8))
    }
}
