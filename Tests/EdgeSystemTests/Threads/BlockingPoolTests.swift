import Testing

@testable import EdgeSystem

@Suite struct BlockingPoolTests {
    @Test func runsManyJobsOnFewThreads() async throws {
        let pool = BlockingPool(threads: 2, idleSeconds: 1)
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask {
                    (try? await pool.run {
                        SystemClock.pause(milliseconds: 1)
                        return number
                    }) ?? 0
                }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 19900)
    }

    @Test func passesErrorsOn() async {
        await #expect(throws: Errno.busy) { try await BlockingPool.shared.run { throw Errno.busy } }
    }
}
