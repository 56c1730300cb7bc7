internal import EdgeJSON

/// Where in the schema a patch is: what merging needs to know about the members of an object.
enum MergeContext {
    /// An object of this type.
    case type(TypeDefinition)
    /// A map with values of this type.
    case map(ValueType)
    /// Raw JSON, and fields that the schema does not know.
    case unknown
}

/// How the value of one member merges.
struct MemberMerge {
    enum Strategy {
        /// Objects merge, everything else is replaced.
        case standard
        case merge
        case replace
    }

    var strategy = Strategy.standard
    var retainsKeys = false
    /// Empty for lists of scalars.
    var mergeKey = ""
    /// What the objects inside the member are: the member itself, the elements of a list.
    var context = MergeContext.unknown
}

extension Schema {
    func member(_ name: String, of context: MergeContext) -> MemberMerge {
        switch context {
        case .unknown: return MemberMerge()
        case .map(let value): return MemberMerge(context: mergeContext(of: value))
        case .type(let type):
            guard let field = type.field(name) else { return MemberMerge() }
            var member = MemberMerge(mergeKey: field.patchMergeKey)
            if field.flags.contains(.patchMerge) { member.strategy = .merge }
            if field.flags.contains(.patchReplace) { member.strategy = .replace }
            member.retainsKeys = field.flags.contains(.patchRetainKeys)
            member.context =
                switch field.shape {
                case .single, .list: mergeContext(of: field.value)
                case .map: .map(field.value)
                case .mapOfLists: .unknown
                }
            return member
        }
    }

    private func mergeContext(of value: ValueType) -> MergeContext {
        switch value {
        case .object(let id): .type(self[id])
        default: .unknown
        }
    }
}
