/// The part of a field's definition by which its values are decoded.
struct FieldLayout {
    let value: ValueType
    let shape: FieldDefinition.Shape
    let isWrittenEmpty: Bool
    /// Whether Go leaves the field out when it holds the zero value of a scalar.
    let omitsZero: Bool

    init(_ field: FieldDefinition) {
        value = field.value
        shape = field.shape
        isWrittenEmpty = field.flags.contains(.isWrittenEmpty)
        switch value {
        case .string, .bool, .int32, .int64, .double, .bytes, .intOrString:
            omitsZero = field.flags.isDisjoint(with: [.isPointer, .isWrittenEmpty])
        default: omitsZero = false
        }
    }
}
