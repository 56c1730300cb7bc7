internal import EdgeJSON

/// How requests are sorted into flows, and how many of a level run at once.
extension ObjectValidator {
    static let flowSchema: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let precedence = spec["matchingPrecedence"].number ?? 0
        let place = path["matchingPrecedence"]
        if precedence <= 0 { errors.invalid(place, precedence, "must be a positive value") }
        if precedence > 10_000 { errors.invalid(place, precedence, "must not be greater than 10000") }
        if precedence == 1, object.name != "exempt" {
            errors.invalid(
                place, precedence, "only the schema named 'exempt' may have matchingPrecedence 1")
        }
        if let method = spec["distinguisherMethod"] {
            errors.optionalOneOf(
                path["distinguisherMethod"]["type"], method["type"].text, ["ByNamespace", "ByUser"])
        }
        let level = spec["priorityLevelConfiguration"]?["name"].text ?? ""
        let levelPath = path["priorityLevelConfiguration"]["name"]
        if level.isEmpty {
            errors.required(levelPath, "must reference a priority level")
        } else {
            errors.invalid(levelPath, level, Names.subdomain(level))
        }
        for (index, rule) in (spec["rules"]?.array ?? []).enumerated() {
            errors.checkFlowRule(rule, path["rules"][index])
        }
    }

    static let priorityLevel: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let type = spec["type"].text
        if (object.name == "exempt") != (type == "Exempt") {
            errors.invalid(path["type"], type, "type must be 'Exempt' if and only if name is 'exempt'")
        }
        switch type {
        case "Exempt":
            if spec["limited"] != nil {
                errors.forbidden(path["limited"], "must be nil if the type is not Limited")
            }
            errors.checkShares(spec["exempt"] ?? .null, path["exempt"])
        case "Limited":
            if spec["exempt"] != nil {
                errors.forbidden(path["exempt"], "must be nil if the type is Limited")
            }
            guard let limited = spec["limited"] else {
                errors.required(path["limited"], "must not be empty when type is Limited")
                return
            }
            errors.checkShares(limited, path["limited"])
            errors.checkLimitResponse(limited["limitResponse"] ?? .null, path["limited"]["limitResponse"])
        default: errors.notSupported(path["type"], type, ["Exempt", "Limited"])
        }
    }

    /// Conditions have a type, each its own.
    static let conditionTypes: StatusRule = { object, _, errors in
        var seen: Set<String> = []
        for (index, condition) in (object[path: "status", "conditions"]?.array ?? []).enumerated() {
            let type = condition["type"].text
            let path = FieldPath.status["conditions"][index]["type"]
            if !seen.insert(type).inserted { errors.duplicate(path, type) }
            if type.isEmpty { errors.required(path, "must not be empty") }
        }
    }
}

extension FieldErrors {
    private static let verbs = [
        "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch",
    ]

    fileprivate mutating func checkFlowRule(_ rule: JSONValue, _ path: FieldPath) {
        let subjects = rule["subjects"]?.array ?? []
        if subjects.isEmpty { required(path["subjects"], "subjects must contain at least one value") }
        for (index, subject) in subjects.enumerated() {
            checkFlowSubject(subject, path["subjects"][index])
        }
        let resources = rule["resourceRules"]?.array ?? []
        let others = rule["nonResourceRules"]?.array ?? []
        if resources.isEmpty, others.isEmpty {
            required(path, "at least one of resourceRules and nonResourceRules has to be non-empty")
        }
        for (index, rule) in resources.enumerated() {
            let path = path["resourceRules"][index]
            checkFlowVerbs(rule, path)
            checkWildcards(
                rule, "apiGroups", "api groups", "resource rules must supply at least one api group", path)
            checkWildcards(
                rule, "resources", "resources", "resource rules must supply at least one resource", path)
            checkFlowNamespaces(rule, path["namespaces"])
        }
        for (index, rule) in others.enumerated() {
            let path = path["nonResourceRules"][index]
            checkFlowVerbs(rule, path)
            checkWildcards(
                rule, "nonResourceURLs", "non-resource URLs",
                "nonResourceURLs must contain at least one value", path)
            for (place, url) in rule["nonResourceURLs"].strings.enumerated() where url != "*" {
                if let problem = Self.problem(inPath: url) {
                    invalid(path["nonResourceURLs"][place], url, problem)
                }
            }
        }
    }

    private mutating func checkFlowSubject(_ subject: JSONValue, _ path: FieldPath) {
        let kinds = ["Group": "group", "ServiceAccount": "serviceAccount", "User": "user"]
        let kind = subject["kind"].text
        guard let key = kinds[kind] else {
            return notSupported(path["kind"], kind, kinds.keys.sorted())
        }
        for (other, member) in kinds.sorted(by: { $0.key > $1.key })
        where other != kind && subject[member] != nil {
            forbidden(path[member], "\(member) is forbidden when subject kind is not '\(other)'")
        }
        guard let value = subject[key] else {
            return required(path[key], "\(key) is required when subject kind is '\(kind)'")
        }
        let name = value["name"].text
        if name.isEmpty { required(path[key]["name"]) }
        guard kind == "ServiceAccount" else { return }
        if !name.isEmpty, name != "*" { invalid(path[key]["name"], name, Names.subdomain(name)) }
        let namespace = value["namespace"].text
        if namespace.isEmpty {
            required(path[key]["namespace"], "must specify namespace for service account")
        } else {
            invalid(path[key]["namespace"], namespace, Names.label(namespace))
        }
    }

    private mutating func checkFlowVerbs(_ rule: JSONValue, _ path: FieldPath) {
        checkWildcards(rule, "verbs", "verbs", "verbs must contain at least one value", path)
        let verbs = rule["verbs"].strings
        guard !verbs.contains("*"), verbs.contains(where: { !Self.verbs.contains($0) }) else { return }
        append(
            FieldError(
                .notSupported, path["verbs"].description, value: rule["verbs"],
                detail: "supported values: " + Self.verbs.map(\.goQuoted).joined(separator: ", ")))
    }

    /// A list with something in it, where `*` stands alone.
    private mutating func checkWildcards(
        _ rule: JSONValue, _ key: String, _ what: String, _ emptyMessage: String, _ path: FieldPath
    ) {
        let values = rule[key].strings
        if values.isEmpty { required(path[key], emptyMessage) }
        if values.count > 1, values.contains("*") {
            invalid(path[key], rule[key] ?? .null, "if '*' is present, must not specify other \(what)")
        }
    }

    private mutating func checkFlowNamespaces(_ rule: JSONValue, _ path: FieldPath) {
        let namespaces = rule["namespaces"].strings
        if namespaces.isEmpty, !rule["clusterScope"].flag {
            required(
                path, "resource rules that are not cluster scoped must supply at least one namespace")
        }
        guard !namespaces.contains("*") else {
            if namespaces.count > 1 {
                invalid(
                    path, rule["namespaces"] ?? .null,
                    "if '*' is present, must not specify other namespaces")
            }
            return
        }
        for (index, name) in namespaces.enumerated() {
            for message in Names.label(name) {
                invalid(
                    path[index], name,
                    "each member of this list must be '*' or a DNS-1123 label; " + message)
            }
        }
    }

    /// What is wrong with the path of a request; its only wildcard ends it.
    private static func problem(inPath path: String) -> String? {
        if path.isEmpty { return "must not be empty" }
        if path == "/" { return nil }
        if !path.hasPrefix("/") { return "must start with slash" }
        if path.contains(" ") { return "must not contain white-space" }
        if path.contains("//") { return "must not contain double slash" }
        let stars = path.utf8.count { $0 == UInt8(ascii: "*") }
        return stars > 1 || (stars == 1 && !path.hasSuffix("/*"))
            ? "wildcard can only do suffix matching" : nil
    }

    fileprivate mutating func checkShares(_ level: JSONValue, _ path: FieldPath) {
        if let shares = level["nominalConcurrencyShares"].number, shares < 0 {
            invalid(path["nominalConcurrencyShares"], shares, "must be a non-negative integer")
        }
        if let percent = level["lendablePercent"].number, !(0...100).contains(percent) {
            invalid(path["lendablePercent"], percent, "must be between 0 and 100, inclusive")
        }
        if let percent = level["borrowingLimitPercent"].number, percent < 0 {
            invalid(path["borrowingLimitPercent"], percent, "if specified, must be a non-negative integer")
        }
    }

    fileprivate mutating func checkLimitResponse(_ response: JSONValue, _ path: FieldPath) {
        switch response["type"].text {
        case "Reject":
            if response["queuing"] != nil {
                forbidden(path["queuing"], "must be nil if limited.limitResponse.type is not Limited")
            }
        case "Queue":
            guard let queuing = response["queuing"] else {
                return required(
                    path["queuing"], "must not be empty if limited.limitResponse.type is Limited")
            }
            checkQueuing(queuing, path["queuing"])
        case let other: notSupported(path["type"], other, ["Queue", "Reject"])
        }
    }

    private mutating func checkQueuing(_ queuing: JSONValue, _ path: FieldPath) {
        let length = queuing["queueLengthLimit"].number ?? 0
        let queues = queuing["queues"].number ?? 0
        let hand = queuing["handSize"].number ?? 0
        if length <= 0 { invalid(path["queueLengthLimit"], length, "must be positive") }
        if queues <= 0 {
            invalid(path["queues"], queues, "must be positive")
        } else if queues > 10_000_000 {
            invalid(path["queues"], queues, "must not be greater than 10000000")
        }
        if hand <= 0 {
            invalid(path["handSize"], hand, "must be positive")
        } else if hand > queues {
            invalid(path["handSize"], hand, "should not be greater than queues (\(queues))")
        } else if Self.entropyBits(queues, hand) > 60 {
            invalid(
                path["handSize"], hand,
                "required entropy bits of deckSize \(queues) and handSize \(hand) should not be greater than 60"
            )
        }
    }

    /// How many bits of a hash it takes to deal a hand: log2 of queues * (queues-1) * ..., rounded up.
    private static func entropyBits(_ queues: Int, _ hand: Int) -> Int {
        var bits = 0
        var rest = 1.0
        for index in 0..<min(hand, 64) {
            rest *= Double(queues - index)
            while rest > 2 {
                rest /= 2
                bits += 1
            }
        }
        return bits + (rest > 1 ? 1 : 0)
    }
}
