import Testing

@testable import EdgeControllers

@Suite struct RollingUpdateTests {
    typealias Member = RollingUpdate.Member

    private struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let update: RollingUpdate
        let new: (desired: Int, available: Int)
        let old: [(desired: Int, available: Int)]
        let expected: [String: Int]
    }

    private static let quarter = RollingUpdate(wished: 4, maxSurge: 1, maxUnavailable: 1)

    private static let cases: [Case] = [
        Case(
            testDescription: "the first deployment", update: quarter, new: (0, 0), old: [],
            expected: ["new": 4]),
        Case(
            testDescription: "the surge first", update: quarter, new: (0, 0), old: [(4, 4)],
            expected: ["new": 1]),
        Case(
            testDescription: "then as many old ones as may be missing", update: quarter, new: (1, 0),
            old: [(4, 4)],
            expected: ["old0": 3]),
        Case(
            testDescription: "nothing while the new pod is not ready", update: quarter, new: (1, 0),
            old: [(3, 3)],
            expected: ["new": 2]),
        Case(
            testDescription: "unavailable old ones cost nothing", update: quarter, new: (1, 0), old: [(4, 2)],
            expected: ["old0": 3]),
        Case(testDescription: "the end", update: quarter, new: (4, 4), old: [(0, 0)], expected: [:]),
        Case(
            testDescription: "the last old ones", update: quarter, new: (4, 4), old: [(1, 1)],
            expected: ["old0": 0]),
        Case(
            testDescription: "no surge: old ones first",
            update: RollingUpdate(wished: 2, maxSurge: 0, maxUnavailable: 1), new: (0, 0), old: [(2, 2)],
            expected: ["old0": 1]),
        Case(
            testDescription: "too many new ones",
            update: RollingUpdate(wished: 2, maxSurge: 1, maxUnavailable: 0),
            new: (3, 3), old: [], expected: ["new": 2]),
    ]

    @Test(arguments: cases)
    private func steps(_ test: Case) {
        let new = Member(name: "new", desired: test.new.desired, available: test.new.available, age: 0)
        let old = test.old.enumerated().map { index, set in
            Member(name: "old\(index)", desired: set.desired, available: set.available, age: index + 1)
        }
        #expect(test.update.step(new: new, old: old) == test.expected)
    }

    /// Whatever the order in which pods become ready, a roll-out ends and stays within its bounds.
    @Test(arguments: [(10, 3, 2), (1, 1, 0), (5, 0, 1), (7, 2, 0), (3, 1, 1)])
    func alwaysEndsWithinBounds(wished: Int, surge: Int, unavailable: Int) {
        let update = RollingUpdate(wished: wished, maxSurge: surge, maxUnavailable: unavailable)
        var new = Member(name: "new", desired: 0, available: 0, age: 0)
        var old = Member(name: "old", desired: wished, available: wished, age: 1)
        for _ in 0..<200 {
            let step = update.step(new: new, old: [old])
            new.desired = step["new"] ?? new.desired
            old.desired = step["old"] ?? old.desired
            old.available = min(old.available, old.desired)
            #expect(new.desired + old.desired <= wished + surge)
            #expect(new.available + old.available >= wished - unavailable)
            if step.isEmpty, new.available < new.desired { new.available += 1 }
        }
        #expect(new.desired == wished && old.desired == 0)
    }

    @Test func scalesInProportion() {
        let update = RollingUpdate(wished: 20, maxSurge: 0, maxUnavailable: 1)
        let sizes = update.proportional(
            [
                Member(name: "a", desired: 8, available: 8, age: 1),
                Member(name: "b", desired: 2, available: 2, age: 0),
            ],
            formerMaximum: 10)
        #expect(sizes == ["a": 16, "b": 4])
    }
}
