import EdgeFuzzTargets
import FoundationEssentials
import Testing

/// Every input that fuzzing has kept is still taken well.
struct CorpusTests {
    @Test(arguments: FuzzTarget.allCases)
    func corpus(_ target: FuzzTarget) throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fuzz/Corpus/\(target.rawValue)").path()
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(!names.isEmpty)
        for name in names {
            let bytes = try #require(FileManager.default.contents(atPath: "\(directory)/\(name)"))
            #expect(throws: Never.self, "\(name)") { try target.run(Array(bytes)) }
        }
    }
}
