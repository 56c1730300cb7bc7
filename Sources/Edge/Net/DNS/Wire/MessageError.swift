/// Why a message cannot be read.
enum MessageError: Error, Hashable, CustomStringConvertible {
    /// The message ends within the named part.
    case truncated(String, offset: Int)
    /// A compression pointer that does not point to an earlier place, or a label type that is not in use.
    case badLabel(offset: Int)
    case nameTooLong(offset: Int)
    case badRecord(String, offset: Int)

    var description: String {
        switch self {
        case .truncated(let part, let offset): "dns message ends within its \(part) at byte \(offset)"
        case .badLabel(let offset): "dns message has a bad label or compression pointer at byte \(offset)"
        case .nameTooLong(let offset): "dns message has a name over 255 bytes at byte \(offset)"
        case .badRecord(let part, let offset): "dns message has a bad \(part) at byte \(offset)"
        }
    }
}
