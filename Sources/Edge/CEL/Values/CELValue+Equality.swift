extension CELValue {
    /// Equality as CEL has it: numbers compare across their types, values of different types are unequal,
    /// a NaN equals nothing.
    public func equals(_ other: CELValue) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameScalars(as: right)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.list(let left), .list(let right)): left.equals(right)
        case (.map(let left), .map(let right)): left.equals(right)
        case (.optional(let left), .optional(let right)):
            switch (left, right) {
            case (nil, nil): true
            case (let left?, let right?): left.equals(right)
            default: false
            }
        case (.type(let left), .type(let right)): left.name == right.name
        case (.opaque(let left), .opaque(let right)): left.equals(right)
        default: Self.compareNumbers(self, other) == 0
        }
    }

    /// -1, 0 or 1 for values that have an order; nil for others, and for a NaN.
    func compare(_ other: CELValue) -> Int? {
        switch (self, other) {
        case (.bool(let left), .bool(let right)): Self.order(left ? 1 : 0, right ? 1 : 0)
        case (.string(let left), .string(let right)): Self.order(left.utf8, right.utf8)
        case (.bytes(let left), .bytes(let right)): Self.order(left, right)
        case (.timestamp(let left), .timestamp(let right)): left < right ? -1 : left == right ? 0 : 1
        case (.duration(let left), .duration(let right)): Self.order(left.nanoseconds, right.nanoseconds)
        default: Self.compareNumbers(self, other)
        }
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }

    /// The order of UTF-8 bytes is that of code points.
    private static func order(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Int {
        var rest = right.makeIterator()
        for byte in left {
            guard let other = rest.next() else { return 1 }
            if byte != other { return byte < other ? -1 : 1 }
        }
        return rest.next() == nil ? 0 : -1
    }

    private static func compareNumbers(_ left: CELValue, _ right: CELValue) -> Int? {
        switch (left, right) {
        case (.int(let left), .int(let right)): order(left, right)
        case (.uint(let left), .uint(let right)): order(left, right)
        case (.int(let left), .uint(let right)): left < 0 ? -1 : order(UInt64(left), right)
        case (.uint(let left), .int(let right)): right < 0 ? 1 : order(left, UInt64(right))
        case (.double(let left), .double(let right)): left.isNaN || right.isNaN ? nil : order(left, right)
        case (.int(let left), .double(let right)): compare(left, with: right)
        case (.uint(let left), .double(let right)): compare(left, with: right)
        case (.double(let left), .int(let right)): compare(right, with: left).map { -$0 }
        case (.double(let left), .uint(let right)): compare(right, with: left).map { -$0 }
        default: nil
        }
    }

    /// A whole number and a double compare as doubles, but for what is out of the whole numbers' range.
    private static func compare<T: FixedWidthInteger>(_ left: T, with right: Double) -> Int? {
        if right.isNaN { return nil }
        if right < Double(T.min) { return 1 }
        if right > Double(T.max) { return -1 }
        return order(Double(left), right)
    }
}
