import EdgeBase
import Testing

@testable import EdgeControllers

@Suite struct GarbageCollectorTests {
    private static func object(_ metadata: String) -> EncodedObject {
        EncodedObject(
            key: ObjectKey(resource: "configmaps", namespace: "default", name: "a"), revision: 7,
            bytes: Array(#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"\#(metadata)}}"#.utf8))
    }

    private static let owned = #","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"1"}]"#
    private static let other = #","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"2"}]"#
    private static let going = #","deletionTimestamp":"2026-01-01T00:00:00Z""#

    @Test(arguments: [
        (ObjectChange.Kind.added, "", nil, false), (.added, owned, nil, true), (.added, going, nil, true),
        (.modified, "", "", false), (.modified, owned, owned, false), (.modified, owned, other, true),
        (.modified, owned, "", true), (.modified, "", owned, false), (.modified, going + owned, owned, true),
        (.deleted, "", "", true),
    ])
    func looksOnlyAtWhatMayMeanWork(
        kind: ObjectChange.Kind, new: String, previous: String?, isWork: Bool
    ) {
        let change = ObjectChange(
            kind: kind, object: Self.object(new), previous: previous.map(Self.object))
        #expect(GarbageCollector.concerns(change) == isWork)
    }

    @Test func findsOwnersInEncodedObjects() throws {
        let indexer = try #require(ControllerIndexes.all["configmaps"]?[ControllerIndexes.owner])
        #expect(indexer(Self.object("")).isEmpty)
        #expect(indexer(Self.object(Self.owned)) == ["1"])
    }

    @Test func findsTheNodesOfPods() throws {
        let indexer = try #require(ControllerIndexes.all["pods"]?[ControllerIndexes.node])
        let pod = { (spec: String) in
            EncodedObject(
                key: ObjectKey(resource: "pods", namespace: "default", name: "a"), revision: 7,
                bytes: Array(
                    #"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"},"spec":{\#(spec)}}"#.utf8))
        }
        #expect(indexer(pod("")).isEmpty)
        #expect(indexer(pod(#""containers":[],"nodeName":"pi""#)) == ["pi"])
    }
}
