import Testing

@testable import EdgeSystem

@Suite struct EventTests {
    @Test func readsAndWritesWithoutBlocking() async throws {
        let reactor = try Reactor()
        let ends = try Pipe().takeEnds()
        let reader = try AsyncDescriptor(ends.read, reactor: reactor)
        let writer = try AsyncDescriptor(ends.write, reactor: reactor)
        let bytes = [UInt8](repeating: 7, count: 1 << 20)
        async let writing: Void = {
            try await writer.write(bytes)
            writer.close()
        }()
        var received = 0
        while received < bytes.count, let chunk = try await reader.read() { received += chunk.count }
        try await writing
        #expect(received == bytes.count)
    }

    @Test func aCancelledReadEnds() async throws {
        let reactor = try Reactor()
        let ends = try Pipe().takeEnds()
        let reader = try AsyncDescriptor(ends.read, reactor: reactor)
        let task = Task { try await reader.read() }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        withExtendedLifetime(ends) {}
    }

    @Test func aClosedDescriptorWakesItsReaders() async throws {
        let ends = try Pipe().takeEnds()
        let reader = try AsyncDescriptor(ends.read, reactor: try Reactor())
        let task = Task { try await reader.read() }
        reader.close()
        await #expect(throws: SystemError.self) { _ = try await task.value }
        withExtendedLifetime(ends) {}
    }

    @Test func writingToNobodyIsAnErrorNotASignal() async throws {
        let end = try Pipe().takeEnds().write
        let writer = try AsyncDescriptor(end, reactor: try Reactor())
        await #expect(throws: SystemError("write", "descriptor", .brokenPipe)) { try await writer.write([1]) }
    }

    @Test func reportsChangesOfFiles() async throws {
        let directory = "/tmp/edge-test-watch-\(UInt32.random(in: 0 ... .max))"
        try Directory.make(directory)
        defer { try? Directory.removeTree(directory) }
        let watcher = try FileWatcher(reactor: try Reactor())
        try watcher.watch(directory)
        try File.writeAtomically([1], to: directory + "/a")
        var iterator = watcher.changes.makeAsyncIterator()
        var seen: [FileWatcher.Change] = []
        while let change = await iterator.next() {
            seen.append(change)
            if change.events.contains(.movedTo) { break }
        }
        #expect(seen.last?.name == "a")
        #expect(seen.last?.path == directory)
    }
}
