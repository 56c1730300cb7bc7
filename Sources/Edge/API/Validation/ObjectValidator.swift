internal import EdgeJSON

/// Checks objects against the rules of their kinds. Types and unknown fields are the decoder's business:
/// here an object has the shape of its kind, and its defaults are filled in.
public enum ObjectValidator {
    /// What is wrong with a new object. `group` is empty for the core group; a kind without rules of its own
    /// is checked for its metadata only.
    public static func validateCreate(
        _ object: APIObject, group: String, kind: String, isNamespaced: Bool
    ) -> [FieldError] {
        var errors = FieldErrors()
        let rule = ResourceStrategy.of(group: group, kind: kind).nameRule
        errors.checkMetadata(object, isNamespaced: isNamespaced, rule: rule)
        rules[key(group, kind)]?(object, nil, &errors)
        return errors.list
    }

    /// What is wrong with a replacement, including what may not change.
    public static func validateUpdate(
        _ object: APIObject, old: APIObject, group: String, kind: String, isNamespaced: Bool
    ) -> [FieldError] {
        var errors = FieldErrors()
        errors.checkMetadataUpdate(object, old: old)
        rules[key(group, kind)]?(object, old, &errors)
        return errors.list
    }

    /// What is wrong with a write to the status subresource; the rest of the object is not looked at again.
    public static func validateStatusUpdate(
        _ object: APIObject, old: APIObject, group: String, kind: String
    ) -> [FieldError] {
        var errors = FieldErrors()
        errors.checkMetadataUpdate(object, old: old)
        statusRules[key(group, kind)]?(object, old, &errors)
        return errors.list
    }

    /// Whether the kind has rules beyond those for metadata.
    public static func knows(group: String, kind: String) -> Bool { rules[key(group, kind)] != nil }

    private static func key(_ group: String, _ kind: String) -> String {
        group.isEmpty ? kind : "\(kind).\(group)"
    }

    /// `old` is nil for a new object.
    typealias Rule = @Sendable (_ object: APIObject, _ old: APIObject?, _ errors: inout FieldErrors) -> Void
    typealias StatusRule =
        @Sendable (
            _ object: APIObject, _ old: APIObject, _ errors: inout FieldErrors
        ) -> Void
}
