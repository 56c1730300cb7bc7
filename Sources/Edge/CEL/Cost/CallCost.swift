/// What a call costs at runtime, by the sizes of its arguments.
enum CallCost: Sendable {
    case fixed(UInt64)
    /// The text of an argument is gone through so many times.
    case text(argument: Int, times: Double)
    /// Every element of an argument is gone through.
    case traversal
    case resultText
    case smallerOfTwo
    case sumOfTwo
    case listMembership
    case regularExpression
    case substring
    case selector
    case containsIP(parses: Bool)
    case containsCIDR(parses: Bool)
    case namedFormat
    case sets(Double)
    case resultSize
    case flatten
    case selfComparison(argument: Int)
    /// Equality: 1 for the types of Kubernetes' libraries, else as `smallerOfTwo`.
    case equality

    /// The rule of an overload; a call whose overload is known only at runtime goes by its function.
    init(function: String, overload: String?) {
        if let overload, let rule = Self.extensionRules[overload] {
            self = rule
        } else if let rule = Self.functionRules[function] {
            self = rule
        } else {
            switch overload {
            case "cidr_ip": self = .fixed(1)
            case "cidr_contains_ip_string": self = .containsIP(parses: true)
            case "cidr_contains_cidr_string": self = .containsCIDR(parses: true)
            case "starts_with_string", "ends_with_string", "string_to_bytes", "bytes_to_string",
                "strings_quote",
                "string_format":
                self = .text(argument: 0, times: 1)
            case "in_list": self = .listMembership
            case "add_string", "add_bytes": self = .sumOfTwo
            case "matches_string": self = .regularExpression
            case "contains_string": self = .substring
            case let overload? where Self.comparisons.contains(overload): self = .smallerOfTwo
            default:
                self =
                    function == "ip" ? .text(argument: 0, times: 1) : Self.containment[function] ?? .fixed(1)
            }
        }
    }

    private static let comparisons: Set<String> = [
        "less_string", "less_equals_string", "greater_string", "greater_equals_string", "less_bytes",
        "less_equals_bytes", "greater_bytes", "greater_equals_bytes",
    ]

    private static let containment: [String: CallCost] = [
        "containsIP": .containsIP(parses: false), "containsCIDR": .containsCIDR(parses: false),
    ]

    private static let extensionRules: [String: CallCost] = {
        var rules: [String: CallCost] = [
            "list_slice": .resultSize, "lists_range": .resultSize, "list_reverse": .resultSize,
            "list_flatten": .flatten, "list_flatten_int": .flatten,
            "list_distinct": .selfComparison(argument: 0), "list_sets_contains_list": .sets(1),
            "list_sets_intersects_list": .sets(1), "list_sets_equivalent_list": .sets(2),
        ]
        for type in ListFunctions.comparableTypes {
            rules["list_\(type.name)_sort"] = .selfComparison(argument: 0)
            rules["list_\(type.name)_sortByAssociatedKeys"] = .selfComparison(argument: 1)
        }
        return rules
    }()

    private static let functionRules: [String: CallCost] = {
        var rules: [String: CallCost] = [
            "check": .fixed(CELCost.authorization), "fieldSelector": .selector, "labelSelector": .selector,
            "replace": .text(argument: 0, times: 2), "split": .text(argument: 0, times: 2),
            "join": .resultText,
            "find": .regularExpression, "findAll": .regularExpression,
            "ip.isCanonical": .text(argument: 0, times: 2), "validate": .namedFormat, "_==_": .equality,
            "_!=_": .smallerOfTwo,
        ]
        for name in ["isSorted", "sum", "max", "min", "indexOf", "lastIndexOf", "includes"] {
            rules[name] = .traversal
        }
        for name in [
            "url", "lowerAscii", "upperAscii", "substring", "trim", "jsonpatch.escapeKey", "cidr", "isIP",
            "isCIDR", "quantity", "isQuantity", "semver", "isSemver",
        ] {
            rules[name] = .text(argument: 0, times: 1)
        }
        return rules
    }()

    var needsResult: Bool {
        switch self {
        case .resultText, .resultSize: true
        default: false
        }
    }

    func cost(_ arguments: [CELValue], _ result: CELValue) -> UInt64 {
        func size(_ index: Int) -> UInt64 { index < arguments.count ? arguments[index].costSize : 0 }
        func text(_ size: UInt64, _ times: Double = 1) -> UInt64 {
            CELCost.scaled(size, times * CELCost.textFactor)
        }
        switch self {
        case .fixed(let cost): return cost
        case .text(let argument, let times): return text(size(argument), times)
        case .traversal: return arguments.first.map(Self.traversal) ?? 0
        case .resultText: return text(result.costSize, 2)
        case .smallerOfTwo: return text(min(size(0), size(1)))
        case .equality:
            if case .opaque? = arguments.first { return 1 }
            return text(min(size(0), size(1)))
        case .sumOfTwo: return text(CELCost.sum(size(0), size(1)))
        case .listMembership: return size(1)
        case .regularExpression: return Self.pattern(size(0), size(1))
        case .substring: return CELCost.product(text(size(0)), text(size(1)))
        case .selector: return Self.selector(size(1))
        case .containsIP(let parses): return CELCost.sum(text(2 * size(0)), parses ? text(size(1)) : 0)
        case .containsCIDR(let parses):
            return CELCost.sum(text(2 * size(0)) + text(size(0)) + 1, parses ? text(size(1)) : 0)
        case .namedFormat:
            guard case .opaque(let value)? = arguments.first, let format = value as? NamedFormat else {
                return 1
            }
            return Self.pattern(size(1), UInt64(format.patternSize))
        case .sets(let factor):
            return CELCost.sum(1, CELCost.scaled(CELCost.product(size(0), size(1)), factor))
        case .resultSize: return Self.allocating(1, result.costSize)
        case .flatten:
            guard arguments.count > 1, case .int(let depth) = arguments[1] else {
                return Self.allocating(1, size(0))
            }
            return Self.allocating(Double(max(0, depth)), size(0))
        case .selfComparison(let argument):
            guard argument < arguments.count, case .list(let list) = arguments[argument] else { return 1 }
            let count = UInt64(list.count)
            var factor = 2.0
            if count > 0 {
                switch list[0] {
                case .string, .bytes: factor += CELCost.textFactor
                default: break
                }
            }
            return Self.allocating(factor, CELCost.product(count, count))
        }
    }

    private static func allocating(_ factor: Double, _ size: UInt64) -> UInt64 {
        let product = Double(size) * factor
        return CELCost.sum(product >= 0x1p64 ? .max : UInt64(product), 1 + CELCost.listCreation)
    }

    private static func pattern(_ text: UInt64, _ pattern: UInt64) -> UInt64 {
        CELCost.product(
            CELCost.scaled(CELCost.sum(text, 1), CELCost.textFactor),
            CELCost.scaled(pattern, CELCost.patternFactor))
    }

    /// Parsing a selector: a requirement may be as short as two characters, and each makes a structure.
    static func selector(_ length: UInt64) -> UInt64 {
        let requirements = CELCost.scaled(length, 0.5)
        return CELCost.sum(
            CELCost.listCreation + CELCost.scaled(length, CELCost.textFactor),
            CELCost.scaled(requirements, Double(CELCost.listCreation + CELCost.objectCreation)))
    }

    /// The cost of going through a value as a tree.
    private static func traversal(_ value: CELValue) -> UInt64 {
        switch value {
        case .string(let text): return UInt64(Double(text.utf8.count) * CELCost.textFactor)
        case .bytes(let bytes): return UInt64(Double(bytes.count) * CELCost.textFactor)
        case .list(let list): return list.values.reduce(0) { CELCost.sum($0, traversal($1)) }
        case .map(let map):
            return map.keys.reduce(0) { sum, key in
                CELCost.sum(sum, CELCost.sum(traversal(key), map.find(key).map(traversal) ?? 0))
            }
        default: return 1
        }
    }
}
