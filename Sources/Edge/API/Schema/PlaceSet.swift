/// A set of places in the fields of a type, of which no type has 128.
struct PlaceSet: Sequence, IteratorProtocol {
    private var bits: UInt128 = 0

    mutating func insert(_ place: Int) { bits |= 1 << UInt128(place) }

    func contains(_ place: Int) -> Bool { bits & (1 << UInt128(place)) != 0 }

    func union(_ other: PlaceSet) -> PlaceSet {
        var result = self
        result.bits |= other.bits
        return result
    }

    var count: Int { bits.nonzeroBitCount }

    /// Takes out the lowest place.
    mutating func next() -> Int? {
        guard bits != 0 else { return nil }
        let place = bits.trailingZeroBitCount
        bits &= bits - 1
        return place
    }
}
