/// The node ports that Services may have.
struct PortPool: Sendable {
    let range: ClosedRange<Int>
    private var taken: Set<Int> = []

    init(range: ClosedRange<Int>) {
        self.range = range
    }

    @discardableResult
    mutating func take(_ port: Int) -> Bool {
        taken.insert(port).inserted
    }

    mutating func release(_ port: Int) {
        taken.remove(port)
    }

    mutating func allocate() -> Int? {
        let start = Int.random(in: range)
        for port in [start...range.upperBound, range.lowerBound...start].joined()
        where taken.insert(port).inserted {
            return port
        }
        return nil
    }
}
