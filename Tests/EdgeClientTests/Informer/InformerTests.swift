import EdgeAPI
import EdgeBase
import EdgeClient
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct InformerTests {
    private static let backoff = Backoff(initial: .milliseconds(1), maximum: .milliseconds(1))

    private func makeInformer(_ source: ScriptedSource) -> (informer: Informer, log: Log) {
        let informer = Informer(
            WatchScope("pods"), from: source,
            indexers: [
                "label": { [String(decoding: $0.bytes, as: UTF8.self).contains("red") ? "red" : "other"] }
            ],
            backoff: Self.backoff)
        let log = Log()
        informer.addHandler { log.add($0) }
        return (informer, log)
    }

    /// What a handler heard: `+web 5`, `~web 6<5`, `-web 7<6`.
    final class Log: Sendable {
        private let lines = Mutex<[String]>([])

        func add(_ changes: [ObjectChange]) {
            lines.withLock { lines in
                for change in changes {
                    let sign = change.kind == .added ? "+" : change.kind == .deleted ? "-" : "~"
                    let previous = change.previous.map { "<\($0.revision)" } ?? ""
                    lines.append("\(sign)\(change.object.key.name) \(change.revision)\(previous)")
                }
            }
        }

        var all: [String] { lines.withLock { $0 } }
    }

    private func running(_ informer: Informer, _ body: () async throws -> Void) async throws {
        let task = Task { await informer.run() }
        do {
            try await informer.waitUntilSynced()
            try await body()
        } catch {
            task.cancel()
            throw error
        }
        task.cancel()
        await task.value
    }

    @Test func listsThenFollowsChanges() async throws {
        let source = ScriptedSource(lists: [ObjectList(objects: [object("a", revision: 3)], revision: 5)])
        let (informer, log) = makeInformer(source)
        try await running(informer) {
            #expect(informer.get(namespace: "default", name: "a")?.revision == 3)
            await source.step(
                .batch([change(.added, "b", revision: 6), change(.modified, "a", revision: 7)], revision: 7))
            await source.step(.batch([change(.deleted, "a", revision: 8)], revision: 8))
            #expect(log.all == ["+a 3", "+b 6", "~a 7<3", "-a 8<7"])
            #expect(informer.list().map(\.key.name) == ["b"])
        }
    }

    @Test func oldChangesAreLeftOut() async throws {
        let source = ScriptedSource(lists: [ObjectList(objects: [object("a", revision: 9)], revision: 9)])
        let (informer, log) = makeInformer(source)
        try await running(informer) {
            await source.step(
                .batch(
                    [change(.modified, "a", revision: 8), change(.deleted, "zz", revision: 10)], revision: 10)
            )
            #expect(log.all == ["+a 9"])
        }
    }

    @Test func aBrokenWatchGoesOnWhereItWas() async throws {
        let source = ScriptedSource(lists: [ObjectList(objects: [], revision: 5)])
        let (informer, log) = makeInformer(source)
        try await running(informer) {
            await source.step(.batch([change(.added, "a", revision: 6)], revision: 6))
            await source.step(.fail(StreamBroken()))
            await source.step(.batch([change(.added, "b", revision: 7)], revision: 7))
            #expect(source.listCount == 1)
            #expect(source.watches == [5, 6])
            #expect(log.all == ["+a 6", "+b 7"])
        }
    }

    struct StreamBroken: Error {}

    @Test func anExpiredWatchListsAgainAndTellsWhatItMissed() async throws {
        let source = ScriptedSource(lists: [
            ObjectList(objects: [object("a", revision: 3), object("b", revision: 4)], revision: 5),
            ObjectList(objects: [object("b", revision: 8), object("c", revision: 9)], revision: 9),
        ])
        let (informer, log) = makeInformer(source)
        try await running(informer) {
            await source.step(.fail(APIStatus.expired("too old")))
            await source.step(.batch([], revision: 10))
            #expect(source.watches == [5, 9])
            #expect(log.all.sorted() == ["+a 3", "+b 4", "+c 9", "-a 3<3", "~b 8<4"])
        }
    }

    @Test func indexesFollowTheObjects() async throws {
        let source = ScriptedSource(lists: [
            ObjectList(
                objects: [object("a", revision: 1, label: "red"), object("b", revision: 2)], revision: 2)
        ])
        let (informer, _) = makeInformer(source)
        try await running(informer) {
            #expect(informer.indexed(by: "label", "red").map(\.key.name) == ["a"])
            await source.step(
                .batch(
                    [change(.modified, "a", revision: 3), change(.modified, "b", revision: 4, label: "red")],
                    revision: 4))
            #expect(informer.indexed(by: "label", "red").map(\.key.name) == ["b"])
            #expect(informer.indexed(by: "label", "none").isEmpty)
        }
    }

    @Test func lateHandlersHearOfWhatIsThere() async throws {
        let source = ScriptedSource(lists: [ObjectList(objects: [object("a", revision: 3)], revision: 5)])
        let (informer, _) = makeInformer(source)
        try await running(informer) {
            let late = Log()
            informer.addHandler { late.add($0) }
            #expect(late.all == ["+a 3"])
        }
    }

    @Test func bookmarksMoveThePosition() async throws {
        let source = ScriptedSource(lists: [ObjectList(objects: [], revision: 5)])
        let (informer, _) = makeInformer(source)
        try await running(informer) {
            await source.step(.batch([], revision: 40))
            try await informer.waitUntil(revision: 40)
            await source.step(.fail(StreamBroken()))
            await source.step(.batch([], revision: 41))
            #expect(source.watches == [5, 40])
        }
    }

    @Test func waitingEndsWithTheInformer() async throws {
        let informer = Informer(WatchScope("pods"), from: ScriptedSource(lists: []), backoff: Self.backoff)
        let task = Task { await informer.run() }
        let waiter = Task { try await informer.waitUntilSynced() }
        task.cancel()
        await task.value
        await #expect(throws: CancellationError.self) { try await waiter.value }
        // And for who comes later.
        await #expect(throws: CancellationError.self) { try await informer.waitUntilSynced() }
    }

    @Test func informersOfOneScopeAreShared() {
        let set = InformerSet(source: ScriptedSource(lists: []))
        #expect(set.informer("pods") === set.informer(WatchScope("pods")))
        #expect(set.informer("pods") !== set.informer(WatchScope("pods", namespace: "a")))
    }
}
