extension CostEstimator {
    /// What a call adds to the cost of its arguments, and how large its result is.
    typealias CallEstimate = (cost: CELCostRange, size: CELCostRange?)

    mutating func call(
        _ node: Expression, _ name: String, _ target: Expression?, _ arguments: [Expression]
    ) -> CELCostRange {
        if name == "dyn", let argument = arguments.first {
            let sum = cost(argument)
            copySizes(to: node, from: argument)
            return sum + .fixed(1)
        }
        let argumentCosts = arguments.map { cost($0) }
        if name == "_?._" { return argumentCosts[0] + .fixed(1) }
        guard !node.overloads.isEmpty else { return .fixed(0) }
        let targetCost = target.map { cost($0) } ?? .fixed(0)
        var total = CELCostRange(.max, 0)
        var resultSize: CELCostRange?
        for overload in node.overloads {
            let estimate = estimate(node, name, overload.id, target, arguments, argumentCosts)
            total = total.union(estimate.cost)
            if let size = estimate.size { resultSize = resultSize?.union(size) ?? size }
            if overload.id == "index_list" || overload.id == "index_map" {
                resultSize = entries(arguments[0])?.value
                setSchema(node, schema(arguments[0])?.element)
            }
            if resultSize == nil { resultSize = size(node) }
        }
        setSize(node, resultSize)
        return targetCost + total
    }

    private mutating func estimate(
        _ node: Expression, _ name: String, _ overload: String, _ target: Expression?,
        _ arguments: [Expression],
        _ argumentCosts: [CELCostRange]
    ) -> CallEstimate {
        let sum = argumentCosts.reduce(.fixed(0), +)
        switch overload {
        case "logical_and", "logical_or":
            return (CELCostRange(argumentCosts[0].minimum, sum.maximum), nil)
        case "conditional":
            let size = sizeOrUnknown(arguments[1]).union(sizeOrUnknown(arguments[2]))
            setEntries(node, entries(arguments[1]).flatMap { $0.union(entries(arguments[2])) })
            return (argumentCosts[0] + argumentCosts[1].union(argumentCosts[2]), size)
        case "add_string", "add_bytes", "add_list":
            let size = sizeOrUnknown(arguments[0]) + sizeOrUnknown(arguments[1])
            setEntries(node, entries(arguments[0]).flatMap { $0.union(entries(arguments[1])) })
            return ((overload == "add_list" ? .fixed(1) : size.scaled(CELCost.textFactor)) + sum, size)
        default: break
        }
        let found =
            extensionEstimate(overload, target, arguments) ?? libraryEstimate(
                name, overload, target, arguments)
            ?? standardEstimate(overload, target, arguments) ?? (.fixed(1), nil)
        return (found.cost + sum, found.size)
    }

    private func standardEstimate(_ overload: String, _ target: Expression?, _ arguments: [Expression])
        -> CallEstimate?
    {
        switch overload {
        case "string_format": return target.map { (sizeOrUnknown($0).scaled(CELCost.textFactor), nil) }
        case "string_to_bytes":
            let size = sizeOrUnknown(arguments[0])
            return (
                size.scaled(CELCost.textFactor), CELCostRange(size.minimum, CELCost.product(size.maximum, 4))
            )
        case "bytes_to_string":
            let size = sizeOrUnknown(arguments[0])
            return (size.scaled(CELCost.textFactor), CELCostRange(size.minimum / 4, size.maximum))
        case "strings_quote":
            let size = sizeOrUnknown(arguments[0])
            return (size.scaled(CELCost.textFactor), size * CELCostRange(1, 2) + .fixed(2))
        case "starts_with_string", "ends_with_string":
            return (sizeOrUnknown(arguments[0]).scaled(CELCost.textFactor), nil)
        case "in_list": return (sizeOrUnknown(arguments[1]), nil)
        case "matches_string": return target.map { (pattern(sizeOrUnknown($0), arguments[0]), nil) }
        case "contains_string":
            return target.map {
                (
                    sizeOrUnknown($0).scaled(CELCost.textFactor)
                        * sizeOrUnknown(arguments[0]).scaled(CELCost.textFactor), nil
                )
            }
        case "equals", "not_equals":
            let kubernetesTypes = arguments.allSatisfy { if case .opaque = $0.type { true } else { false } }
            if overload == "equals", kubernetesTypes, arguments[0].type == arguments[1].type {
                return (.fixed(1), nil)
            }
            return comparison(arguments)
        case let conversion where conversion.hasSuffix("_to_string"):
            let argument = arguments[0]
            if argument.type == .string { return (.fixed(1), size(argument)) }
            // No number, time or duration takes more characters.
            return Self.isScalar(argument.type) ? (.fixed(1), CELCostRange(1, 40)) : nil
        default:
            let isOrder = overload.hasPrefix("less_") || overload.hasPrefix("greater_")
            guard isOrder, overload.hasSuffix("_string") || overload.hasSuffix("_bytes") else { return nil }
            return comparison(arguments)
        }
    }

    private func comparison(_ arguments: [Expression]) -> CallEstimate {
        let maximum = min(sizeOrUnknown(arguments[0]).maximum, sizeOrUnknown(arguments[1]).maximum)
        return (CELCostRange(maximum > 0 ? 1 : 0, maximum).scaled(CELCost.textFactor), nil)
    }

    private func pattern(_ text: CELCostRange, _ pattern: Expression) -> CELCostRange {
        (text + .fixed(1)).scaled(CELCost.textFactor) * sizeOrUnknown(pattern).scaled(CELCost.patternFactor)
    }

    // MARK: Kubernetes' libraries

    private static let accessors: Set<String> = [
        "serviceAccount", "path", "group", "resource", "subresource", "namespace", "name", "allowed",
        "reason",
        "error", "errored", "masked", "prefixLength", "family", "isUnspecified", "isLoopback",
        "isLinkLocalMulticast", "isLinkLocalUnicast", "isGlobalUnicast", "format.named", "sign", "asInteger",
        "isInteger", "asApproximateFloat", "isGreaterThan", "isLessThan", "compareTo", "add", "sub", "major",
        "minor", "patch", "getScheme", "getHostname", "getHost", "getPort", "getEscapedPath", "getQuery",
    ]

    private func libraryEstimate(
        _ name: String, _ overload: String, _ target: Expression?, _ arguments: [Expression]
    ) -> CallEstimate? {
        if Self.accessors.contains(name) || overload == "cidr_ip" { return (.fixed(1), nil) }
        let factor = CELCost.textFactor
        switch name {
        case "check": return (.fixed(CELCost.authorization), nil)
        case "fieldSelector", "labelSelector":
            let length = sizeOrUnknown(arguments[0])
            return (CELCostRange(CallCost.selector(length.minimum), CallCost.selector(length.maximum)), nil)
        case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf", "includes":
            return target.map { (traversal($0), nil) }
        case "url", "jsonpatch.escapeKey":
            let size = sizeOrUnknown(arguments[0])
            return (size.scaled(factor), size)
        case "lowerAscii", "upperAscii", "substring", "trim":
            return target.map { (sizeOrUnknown($0).scaled(factor), sizeOrUnknown($0)) }
        case "replace": return target.map { replaced(sizeOrUnknown($0), arguments) }
        case "split": return target.map { split(sizeOrUnknown($0), arguments) }
        case "join": return target.map { joined($0, arguments) }
        case "find", "findAll":
            return target.map {
                (pattern(sizeOrUnknown($0), arguments[0]), CELCostRange(0, sizeOrUnknown($0).maximum))
            }
        case "ip", "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver":
            return arguments.first.map { (sizeOrUnknown($0).scaled(factor), nil) }
        case "ip.isCanonical": return (sizeOrUnknown(arguments[0]).scaled(2 * factor), nil)
        case "containsIP", "containsCIDR": return (contains(name, overload, arguments), nil)
        case "validate":
            return (sizeOrUnknown(arguments[0]).scaled(factor).scaled(128 * CELCost.patternFactor), nil)
        default: return nil
        }
    }

    private func contains(_ name: String, _ overload: String, _ arguments: [Expression]) -> CELCostRange {
        // The bytes of an address.
        let size = CELCostRange(4, 16)
        var cost = (size + size).scaled(CELCost.textFactor)
        if name == "containsCIDR" { cost = cost + size.scaled(CELCost.textFactor) + .fixed(1) }
        if overload.hasSuffix("_string") {
            cost = cost + sizeOrUnknown(arguments[0]).scaled(CELCost.textFactor)
        }
        return cost
    }

    /// The size of a list's elements that are texts; nil for other elements.
    private func elementSize(_ list: Expression) -> (isText: Bool, size: CELCostRange)? {
        guard case .list(let type) = list.type else { return nil }
        let schema = schema(list)?.element
        let isText = type == .string || type == .bytes
        return (isText, schema.map { CELCostRange(0, $0.maximumSize) } ?? .unknown)
    }

    private func traversal(_ target: Expression) -> CELCostRange {
        let size = sizeOrUnknown(target)
        guard let element = elementSize(target) else { return size.scaled(CELCost.textFactor) }
        let each =
            CELCostRange.fixed(1) + (element.isText ? element.size.scaled(CELCost.textFactor) : .fixed(0))
        return size * each
    }

    private func replaced(_ text: CELCostRange, _ arguments: [Expression]) -> CallEstimate {
        let old = sizeOrUnknown(arguments[0])
        let new = sizeOrUnknown(arguments[1])
        func count(_ text: UInt64, _ old: UInt64) -> UInt64 {
            let quotient = (Double(text) / Double(old)).rounded(.up)
            return quotient >= 0x1p64 ? .max : UInt64(quotient)
        }
        var counts = CELCostRange(0, 0)
        var kept = CELCostRange(0, 0)
        if old.minimum == 0 {
            counts.maximum = CELCost.sum(text.maximum, 1)
            kept.maximum = text.maximum
        } else if new.maximum <= old.minimum {
            kept.maximum = text.maximum
        } else {
            counts.maximum = count(text.maximum, old.minimum)
        }
        if old.maximum == 0 {
            counts.minimum = CELCost.sum(text.minimum, 1)
            kept.minimum = text.minimum
        } else if old.maximum <= new.minimum {
            kept.minimum = text.minimum
        } else {
            counts.minimum = count(text.minimum, old.maximum)
        }
        return (text.scaled(2 * CELCost.textFactor), counts * new + kept)
    }

    private func split(_ text: CELCostRange, _ arguments: [Expression]) -> CallEstimate {
        var maximum = text.maximum
        if arguments.count > 1, case .literal(.int(let limit)) = arguments[1].kind {
            maximum = UInt64(bitPattern: limit)
        }
        return (text.scaled(2 * CELCost.textFactor), CELCostRange(0, maximum))
    }

    private func joined(_ target: Expression, _ arguments: [Expression]) -> CallEstimate {
        let count = sizeOrUnknown(target)
        var size = elementSize(target).map { count * $0.size } ?? .fixed(0)
        if let separator = arguments.first {
            let separators = CELCostRange(
                count.minimum > 0 ? count.minimum - 1 : 0, count.maximum > 0 ? count.maximum - 1 : 0)
            size = size + sizeOrUnknown(separator) * separators
        }
        return (size.scaled(CELCost.textFactor), size)
    }

    // MARK: cel-go's extensions

    private func extensionEstimate(
        _ overload: String, _ target: Expression?, _ arguments: [Expression]
    ) -> CallEstimate? {
        switch overload {
        case "list_slice":
            guard let target else { return nil }
            let start = constant(arguments[0]) ?? 0
            let end = constant(arguments[1]) ?? sizeOrUnknown(target).maximum
            return allocating(1, .fixed(end >= start ? end - start : 0))
        case "lists_range": return allocating(1, .fixed(constant(arguments[0]) ?? .max))
        case "list_reverse": return target.map { allocating(1, sizeOrUnknown($0)) }
        case "list_flatten": return target.map { allocating(1, sizeOrUnknown($0)) }
        case "list_flatten_int":
            return target.map { allocating(Double(constant(arguments[0]) ?? .max), sizeOrUnknown($0)) }
        case "list_distinct": return target.map { allocating(2, sizeOrUnknown($0) * sizeOrUnknown($0)) }
        case "list_sets_contains_list", "list_sets_intersects_list", "list_sets_equivalent_list":
            let factor = overload == "list_sets_equivalent_list" ? 2.0 : 1
            return (
                (sizeOrUnknown(arguments[0]) * sizeOrUnknown(arguments[1])).scaled(factor) + .fixed(1), nil
            )
        default:
            guard overload.hasSuffix("_sort") || overload.hasSuffix("_sortByAssociatedKeys"),
                overload.hasPrefix("list_")
            else { return nil }
            guard let list = overload.hasSuffix("_sort") ? target : arguments.first else { return nil }
            let isText = overload.hasPrefix("list_string_") || overload.hasPrefix("list_bytes_")
            let size = sizeOrUnknown(list)
            return allocating(isText ? 2 + CELCost.textFactor : 2, size * size)
        }
    }

    private func constant(_ node: Expression) -> UInt64? {
        if case .literal(.int(let value)) = node.kind { UInt64(exactly: value) } else { nil }
    }

    private func allocating(_ factor: Double, _ size: CELCostRange) -> CallEstimate {
        (size.scaled(factor) + .fixed(1 + CELCost.listCreation), size)
    }
}
