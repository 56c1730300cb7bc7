/// Why a text is not a quantity, in Kubernetes' words.
public enum QuantityError: Error, Equatable, CustomStringConvertible {
    case format
    case number
    case suffix
    /// Larger than 1.7e29, more than edge counts with.
    case tooLarge

    public var description: String {
        switch self {
        case .format:
            "quantities must match the regular expression "
                + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        case .number: "unable to parse numeric part of quantity"
        case .suffix: "unable to parse quantity's suffix"
        case .tooLarge: "quantity is too large"
        }
    }
}
