import Testing

@testable import EdgeStorage

@Suite struct RevisionCounterTests {
    @Test func memoryOnlyWritesUseTheGapWhileATransactionIsUnderWay() {
        var counter = RevisionCounter(current: 10, reserved: 1000, block: 100, gap: 3)
        #expect(counter.firstAtOnce(count: 1) == 11)
        #expect(counter.beginTransaction(count: 2) == (14, nil))
        #expect(counter.firstAtOnce(count: 3) == 11)
        #expect(counter.firstAtOnce(count: 4) == nil)
        counter.advance(to: 13)
        #expect(counter.firstAtOnce(count: 1) == nil)
        counter.endTransaction(mark: nil)
        counter.advance(to: 15)
        #expect(counter.firstAtOnce(count: 1) == 16)
    }

    @Test func nothingIsUsedAboveTheMark() {
        var counter = RevisionCounter(current: 10, reserved: 12, block: 100, gap: 0)
        #expect(counter.firstAtOnce(count: 2) == 11)
        #expect(counter.firstAtOnce(count: 3) == nil)
        #expect(counter.runsLow)
        let (first, mark) = counter.beginTransaction(count: 5)
        #expect(first == 11)
        #expect(mark == 116)
        counter.endTransaction(mark: mark)
        counter.advance(to: 15)
        #expect(counter.firstAtOnce(count: 100) == 16)
        #expect(!counter.runsLow)
    }

    @Test func aFailedTransactionMovesNothing() {
        var counter = RevisionCounter(current: 10, reserved: 10, block: 100, gap: 0)
        _ = counter.beginTransaction(count: 5)
        counter.endTransaction(mark: nil)
        #expect(counter.current == 10)
        #expect(counter.reserved == 10)
        #expect(counter.firstAtOnce(count: 1) == nil)
    }
}
