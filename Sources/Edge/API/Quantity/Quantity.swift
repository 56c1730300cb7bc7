/// An amount of a resource, such as `500m` or `1Gi`: an exact decimal number and the way it is written
/// (Kubernetes' `resource.Quantity`).
///
/// Kubernetes keeps nothing finer than a nano, so the number is held as a count of nanos in 128 bits,
/// which reaches from 1n to 1.7e29. Equality, order and hash look at the number only: `1` equals `1000m`.
public struct Quantity: Sendable {
    /// How a quantity is written.
    public enum Format: Sendable, Hashable {
        /// `12e6`
        case decimalExponent
        /// `12Mi`
        case binarySI
        /// `12M`
        case decimalSI
    }

    /// The number in units of 10^-9.
    public internal(set) var nanos: Int128
    public var format: Format

    static let unit: Int128 = 1_000_000_000

    public init(nanos: Int128, format: Format = .decimalSI) {
        self.nanos = nanos
        self.format = format
    }

    public init(_ value: some BinaryInteger, format: Format = .decimalSI) {
        self.init(nanos: Int128(clamping: value) * Self.unit, format: format)
    }

    public init(milli value: some BinaryInteger, format: Format = .decimalSI) {
        self.init(nanos: Int128(clamping: value) * (Self.unit / 1000), format: format)
    }

    public static let zero = Quantity(nanos: 0)

    public var isZero: Bool { nanos == 0 }
    /// -1, 0 or 1.
    public var sign: Int { nanos.signum() == 0 ? 0 : nanos < 0 ? -1 : 1 }

    /// The number in whole units, rounded away from zero, clamped to 64 bits.
    public var value: Int64 { Self.divide(nanos, by: Self.unit) }
    /// The number in thousandths, rounded away from zero, clamped to 64 bits.
    public var milliValue: Int64 { Self.divide(nanos, by: Self.unit / 1000) }
    public var doubleValue: Double { Double(nanos) / 1e9 }
    /// Whether the number has no fraction.
    public var isWhole: Bool { nanos % Self.unit == 0 }

    /// The quantity with everything finer than a thousandth rounded away from zero, as Kubernetes stores
    /// the entries of resource lists.
    public func roundedUpToMilli() -> Quantity {
        let step = Self.unit / 1000
        return Quantity(nanos: Self.roundedUp(nanos, step) * step, format: format)
    }

    private static func roundedUp(_ number: Int128, _ divisor: Int128) -> Int128 {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder == 0 ? quotient : quotient + (number < 0 ? -1 : 1)
    }

    private static func divide(_ number: Int128, by divisor: Int128) -> Int64 {
        Int64(clamping: roundedUp(number, divisor))
    }
}

extension Quantity: Hashable, Comparable {
    public static func == (left: Self, right: Self) -> Bool { left.nanos == right.nanos }
    public static func < (left: Self, right: Self) -> Bool { left.nanos < right.nanos }
    public func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
}

extension Quantity {
    /// Adds; a sum takes the format of the left side unless that is zero. Sums are clamped, not trapped.
    public static func + (left: Self, right: Self) -> Self {
        let (sum, overflow) = left.nanos.addingReportingOverflow(right.nanos)
        return Quantity(
            nanos: overflow ? (right.nanos < 0 ? .min : .max) : sum,
            format: left.isZero ? right.format : left.format)
    }

    public static func - (left: Self, right: Self) -> Self {
        left + Quantity(nanos: right.nanos == .min ? .max : -right.nanos, format: right.format)
    }

    public static func += (left: inout Self, right: Self) { left = left + right }
    public static func -= (left: inout Self, right: Self) { left = left - right }
}
