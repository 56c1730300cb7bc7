import Testing

@testable import EdgeSystem

@Suite struct ProcTests {
    @Test func readsAProcessWithABadName() throws {
        let fields = (3...22).map(String.init).joined(separator: " ")
        let stat = try #require(ProcessStat("7 (a) b (c) S 1 \(fields)"))
        #expect(stat.name == "a) b (c")
        #expect(stat.state == "S")
        #expect(stat.parent == 1)
        #expect(stat.startTime == 20)
        #expect(ProcessStat("7 x") == nil)
        #expect(ProcessStat.of(1)?.parent == 0)
    }

    @Test func readsMemory() throws {
        let memory = SystemMemory("MemTotal:  100 kB\nMemFree: 50 kB\nMemAvailable: 70 kB\nSwapTotal: 0 kB\n")
        #expect(memory.total == 102_400)
        #expect(memory.available == 71_680)
        #expect(try SystemMemory.current().total > 1 << 20)
        #expect(ProcessMemory("Rss: 8 kB\nPrivate_Clean: 1 kB\nPrivate_Dirty: 2 kB\n").private == 3072)
    }

    @Test func readsNetworkCounters() {
        let text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls
              eth0: 10 1 2 0 0 0 0 0 30 4 5 0 0 0 0 0
            """
        #expect(
            NetworkCounters.parse(text) == [
                NetworkCounters(
                    interface: "eth0", receivedBytes: 10, receiveErrors: 2, sentBytes: 30, sendErrors: 5)
            ])
    }
}
