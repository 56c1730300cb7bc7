/// Counts of values by upper bounds; small, and cheap to add to.
public struct Histogram: Sendable {
    /// Upper bounds, ascending and inclusive.
    public let bounds: [Double]
    /// Values in each bucket, those above the last bound at the end.
    public private(set) var counts: [UInt32]
    public private(set) var sum: Double = 0

    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    public mutating func add(_ value: Double) {
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        counts[index] &+= 1
        sum += value
    }

    public var count: UInt64 { counts.reduce(0) { $0 + UInt64($1) } }

    /// 10 ns to 1000 s by tens, as work queues are measured.
    public static let decades: [Double] = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000]
}
