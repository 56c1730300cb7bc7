import EdgeBase
import Testing

@testable import EdgeStorage

@Suite struct ResourceIndexTests {
    private static func entry(_ namespace: String, _ name: String, revision: UInt64 = 1)
        -> ResourceIndex.Entry
    {
        let key = ObjectKey(resource: "pods", namespace: namespace, name: name)
        return ResourceIndex.Entry(
            object: EncodedObject(key: key, revision: revision, pending: PendingObject("")),
            row: Int64(revision))
    }

    private static func names(_ objects: [EncodedObject]) -> [String] {
        objects.map { "\($0.key.namespace)/\($0.key.name)" }
    }

    /// The index against a plain sorted array, over many leaves.
    @Test(arguments: 0..<6)
    func behavesLikeASortedArray(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var index = ResourceIndex()
        var model: [String: UInt64] = [:]
        for step in 1...UInt64(6_000) {
            let (namespace, name) = (
                "n\(Int.random(in: 0..<3, using: &random))", "p\(Int.random(in: 0..<1_000, using: &random))"
            )
            let shrinks = step > 4_000
            if Int.random(in: 0..<10, using: &random) < (shrinks ? 8 : 3) {
                index.remove(namespace: namespace, name: name)
                model["\(namespace)/\(name)"] = nil
            } else {
                index.put(Self.entry(namespace, name, revision: step))
                model["\(namespace)/\(name)"] = step
            }
            guard step % 500 == 0 else { continue }
            let all = index.objects(namespace: nil, after: nil, limit: .max).objects
            #expect(Self.names(all) == model.keys.sorted())
            #expect(index.count == model.count)
            for object in all {
                #expect(model["\(object.key.namespace)/\(object.key.name)"] == object.revision)
            }
            for namespace in ["n", "n0", "n1", "n2", "n3"] {
                let expected = model.keys.filter { $0.hasPrefix(namespace + "/") }.sorted()
                #expect(index.count(namespace: namespace) == expected.count)
                #expect(
                    Self.names(index.objects(namespace: namespace, after: nil, limit: .max).objects)
                        == expected)
            }
        }
    }

    @Test(arguments: [1, 2, 7, 100, 256, 1_000, 5_000], [nil, "b"])
    func pagesCoverTheRangeOnce(limit: Int, namespace: String?) {
        let index = ResourceIndex(
            (0..<1_000).flatMap {
                [Self.entry("a", "\($0)"), Self.entry("b", "\($0)"), Self.entry("c", "\($0)")]
            })
        let expected = index.objects(namespace: namespace, after: nil, limit: .max)
        #expect(expected.remaining == 0)
        var found: [EncodedObject] = []
        var start: (namespace: String, name: String)?
        while true {
            let page = index.objects(namespace: namespace, after: start, limit: limit)
            found += page.objects
            #expect(page.remaining == expected.objects.count - found.count)
            guard page.remaining > 0, let last = page.objects.last else { break }
            start = (last.key.namespace, last.key.name)
        }
        #expect(Self.names(found) == Self.names(expected.objects))
    }

    @Test func aPageMayStartBehindANameThatIsGone() {
        let index = ResourceIndex([Self.entry("a", "1"), Self.entry("a", "3"), Self.entry("b", "1")])
        #expect(
            Self.names(index.objects(namespace: nil, after: ("a", "2"), limit: 9).objects) == ["a/3", "b/1"])
        #expect(Self.names(index.objects(namespace: "a", after: ("a", "3"), limit: 9).objects).isEmpty)
        #expect(Self.names(index.objects(namespace: "b", after: ("a", "2"), limit: 9).objects) == ["b/1"])
        #expect(Self.names(index.objects(namespace: "a", after: ("b", "9"), limit: 9).objects).isEmpty)
        #expect(index.objects(namespace: nil, after: nil, limit: 0).remaining == 3)
    }

    @Test func aCopyStaysAsItWas() {
        var index = ResourceIndex((0..<600).map { Self.entry("a", "\($0)") })
        let copy = index
        for number in 0..<600 { index.remove(namespace: "a", name: "\(number)") }
        #expect(index.count == 0)
        #expect(copy.count == 600)
        #expect(copy.objects(namespace: "a", after: nil, limit: .max).objects.count == 600)
    }
}
