/// A set of functions and macros beyond the language's own.
public enum CELLibrary: Sendable, CaseIterable {
    case optionals
    case twoVariableComprehensions
    case strings
    case sets
    case listExtension
    case kubernetesLists
    case regex
    case urls
    case quantity
    case ip
    case cidr
    case format
    case semver
    case authorizer
    /// `jsonpatch.escapeKey`, for mutating policies.
    case jsonPatch
    /// `cel.bind`. Kubernetes does not have it.
    case bindings
    /// `base64.encode` and `base64.decode`. Kubernetes does not have them.
    case encoders

    /// What every expression of Kubernetes 1.36 may use.
    public static let kubernetes: [CELLibrary] = [
        .optionals, .twoVariableComprehensions, .strings, .sets, .listExtension, .kubernetesLists, .regex,
        .urls,
        .quantity, .ip, .cidr, .format, .semver, .authorizer,
    ]

    func declare(in table: inout FunctionTable) {
        switch self {
        case .optionals: OptionalFunctions.declare(in: &table)
        case .twoVariableComprehensions: MapFunctions.declare(in: &table)
        case .strings: StringFunctions.declare(in: &table)
        case .sets: SetFunctions.declare(in: &table)
        case .listExtension: ListFunctions.declareExtension(in: &table)
        case .kubernetesLists: ListFunctions.declare(in: &table)
        case .regex: RegexFunctions.declare(in: &table)
        case .urls: URLFunctions.declare(in: &table)
        case .quantity: QuantityFunctions.declare(in: &table)
        case .ip: AddressFunctions.declare(in: &table)
        case .cidr: CIDRFunctions.declare(in: &table)
        case .format: FormatFunctions.declare(in: &table)
        case .semver: SemverFunctions.declare(in: &table)
        case .authorizer: AuthorizerFunctions.declare(in: &table)
        case .jsonPatch: EncodingFunctions.declareJSONPatch(in: &table)
        case .bindings: break
        case .encoders: EncodingFunctions.declareBase64(in: &table)
        }
    }

    var macros: Macros.Table {
        switch self {
        case .optionals: Macros.optionals
        case .twoVariableComprehensions: Macros.twoVariables
        case .listExtension: Macros.lists
        case .bindings: Macros.bindings
        default: [:]
        }
    }

    /// The types whose names expressions may use.
    var types: [CELType] {
        switch self {
        case .urls: [URLFunctions.type]
        case .quantity: [QuantityFunctions.type]
        case .ip: [AddressFunctions.type]
        case .cidr: [CIDRFunctions.type]
        case .format: [NamedFormat.type]
        case .semver: [SemverFunctions.type]
        default: []
        }
    }
}
