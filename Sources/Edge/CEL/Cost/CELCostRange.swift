/// The least and the most that something costs, or how small and how large it is. Sums and products stop at
/// the largest number.
public struct CELCostRange: Sendable, Equatable {
    public var minimum: UInt64
    public var maximum: UInt64

    init(_ minimum: UInt64, _ maximum: UInt64) {
        self.minimum = minimum
        self.maximum = maximum
    }

    static func fixed(_ value: UInt64) -> Self { Self(value, value) }
    static let unknown = Self(0, .max)

    static func + (left: Self, right: Self) -> Self {
        Self(CELCost.sum(left.minimum, right.minimum), CELCost.sum(left.maximum, right.maximum))
    }

    static func * (left: Self, right: Self) -> Self {
        Self(CELCost.product(left.minimum, right.minimum), CELCost.product(left.maximum, right.maximum))
    }

    func scaled(_ factor: Double) -> Self {
        Self(CELCost.scaled(minimum, factor), CELCost.scaled(maximum, factor))
    }

    func union(_ other: Self) -> Self {
        Self(min(minimum, other.minimum), max(maximum, other.maximum))
    }
}
