/// The protobuf field number of a field; or, where JSON inlines nested messages, the numbers of these
/// messages and then of the field.
public struct ProtobufPath: Sendable, Hashable {
    /// Zeros behind the last number.
    private var numbers: (UInt8, UInt8, UInt8)

    public init(_ path: some Sequence<UInt8>) {
        numbers = (0, 0, 0)
        for (index, number) in path.enumerated() { self[index] = number }
    }

    public private(set) subscript(index: Int) -> UInt8 {
        get { index == 0 ? numbers.0 : index == 1 ? numbers.1 : numbers.2 }
        set {
            switch index {
            case 0: numbers.0 = newValue
            case 1: numbers.1 = newValue
            case 2: numbers.2 = newValue
            default: preconditionFailure("no message of the API is inlined so deeply")
            }
        }
    }

    public var count: Int { numbers.0 == 0 ? 0 : numbers.1 == 0 ? 1 : numbers.2 == 0 ? 2 : 3 }
    public var isEmpty: Bool { numbers.0 == 0 }

    /// The first numbers.
    func prefix(_ count: Int) -> ProtobufPath { ProtobufPath((0..<count).map { self[$0] }) }

    public static func == (left: Self, right: Self) -> Bool { left.numbers == right.numbers }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(numbers.0)
        hasher.combine(numbers.1)
        hasher.combine(numbers.2)
    }
}
