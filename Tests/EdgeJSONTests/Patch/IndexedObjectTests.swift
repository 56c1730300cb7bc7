import EdgeJSON
import Testing

struct IndexedObjectTests {
    /// Below, at and above the size from which members are found by hashing.
    @Test(arguments: [0, 5, 31, 32, 33, 34, 100])
    func `behaves like an object of any size`(count: Int) {
        var plain = JSONObject()
        var indexed = IndexedObject()
        for number in 0..<count {
            plain["key\(number)"] = .int(Int64(number))
            indexed["key\(number)"] = .int(Int64(number))
        }
        for number in stride(from: 0, to: count, by: 3) {
            plain["key\(number)"] = nil
            indexed["key\(number)"] = nil
            #expect(indexed["key\(number)"] == nil)
        }
        for number in stride(from: 1, to: count, by: 3) {
            plain["key\(number)"] = "new"
            indexed["key\(number)"] = "new"
        }
        plain["key0"] = true
        indexed["key0"] = true
        #expect(indexed.object.members.map(\.key) == plain.members.map(\.key))
        #expect(indexed.object == plain)
        indexed.keep { $0 == "key1" || $0 == "key0" }
        #expect(Set(indexed.object.keys) == (count > 1 ? ["key0", "key1"] : ["key0"]))
    }

    @Test func `merges large patches`() {
        let document = JSONObject(uniqueMembers: (0..<30_000).map { .init("key\($0)", .int(Int64($0))) })
        let patch = JSONObject(
            uniqueMembers: (0..<30_000).map { .init("key\($0)", $0 % 2 == 0 ? .null : "x") })
        let merged = MergePatch.apply(.object(patch), to: .object(document))
        #expect(merged.object?.count == 15_000)
        #expect(merged["key1"] == "x")
    }
}
