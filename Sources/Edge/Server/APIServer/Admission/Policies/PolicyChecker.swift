internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// What is wrong with a policy, in the words of `k8s.io/kubernetes/pkg/apis/admissionregistration/validation`.
struct PolicyChecker {
    private(set) var errors = FieldErrors()
    private let object: APIObject
    private let spec: JSONValue
    private let path = FieldPath.spec
    private var environments: PolicyEnvironments

    private init(_ object: APIObject, isMutating: Bool) {
        self.object = object
        spec = object["spec"] ?? .null
        let hasParams = AdmissionPolicy.paramKind(spec) != nil
        environments =
            isMutating
            ? MutatingPolicy.environments(hasParams: hasParams) : PolicyEnvironments(hasParams: hasParams)
    }

    static func errors(inValidating object: APIObject) -> [FieldError] {
        var checker = PolicyChecker(object, isMutating: false)
        checker.checkCommon()
        let type = checker.checkVariables()
        checker.checkValidations(type)
        return checker.errors.list
    }

    static func errors(inMutating object: APIObject) -> [FieldError] {
        var checker = PolicyChecker(object, isMutating: true)
        checker.checkCommon()
        let type = checker.checkVariables()
        checker.checkMutations(type)
        return checker.errors.list
    }

    // MARK: What both have

    private mutating func checkCommon() {
        checkChoice(spec["failurePolicy"]?.string, path["failurePolicy"], ["Fail", "Ignore"])
        if let kind = spec["paramKind"], !kind.isNull { checkParamKind(kind, path["paramKind"]) }
        if let match = spec["matchConstraints"], !match.isNull {
            errors.checkMatchResources(match, path["matchConstraints"])
            if match["resourceRules"]?.array?.isEmpty ?? true {
                errors.required(path["matchConstraints"]["resourceRules"])
            }
        } else {
            errors.required(path["matchConstraints"])
        }
        let conditions = (spec["matchConditions"]?.array ?? []).map {
            (name: $0["name"]?.string ?? "", expression: $0["expression"]?.string ?? "")
        }
        for error in MatchConditions.errors(
            in: conditions, path["matchConditions"], environments.conditions)
        {
            errors.append(error)
        }
    }

    private mutating func checkChoice(_ value: String?, _ path: FieldPath, _ choices: [String]) {
        guard let value else {
            errors.required(path)
            return
        }
        if !choices.contains(value) { errors.notSupported(path, value, choices) }
    }

    private mutating func checkParamKind(_ kind: JSONValue, _ path: FieldPath) {
        let apiVersion = kind["apiVersion"]?.string ?? ""
        let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if apiVersion.isEmpty {
            errors.required(path["apiVersion"])
        } else if parts.count > 2 {
            errors.invalid(path["apiVersion"], apiVersion, "unexpected GroupVersion string: \(apiVersion)")
        } else {
            if parts.count == 2, !parts[0].isEmpty {
                let messages = Names.subdomain(parts[0])
                if !messages.isEmpty {
                    errors.invalid(path["apiVersion"], parts[0], messages.joined(separator: ","))
                }
            }
            let version = parts.last ?? ""
            let messages =
                version.isEmpty ? ["version must be specified"] : Names.rfc1035Label(version)
            if !messages.isEmpty {
                errors.invalid(path["apiVersion"], version, messages.joined(separator: ","))
            }
        }
        let name = kind["kind"]?.string ?? ""
        if name.isEmpty {
            errors.required(path["kind"])
        } else {
            let messages = Names.rfc1035Label(name.lowercased())
            if !messages.isEmpty {
                errors.invalid(
                    path["kind"], name,
                    "may have mixed case, but should otherwise match: " + messages.joined(separator: ","))
            }
        }
    }

    private mutating func checkVariables() -> CELObjectType {
        let list = spec["variables"]?.array ?? []
        var failures: [Int: PolicyCompileError] = [:]
        let environments = environments
        let variables = PolicyVariables(list, in: environments.full) { failures[$0] = $1 }
        for (index, variable) in list.enumerated() {
            let path = path["variables"][index]
            let name = variable["name"]?.string ?? ""
            let source = variable["expression"]?.string ?? ""
            if Self.isBlank(name) {
                errors.required(path["name"], "name is not specified")
            } else if !Self.isIdentifier(name) {
                errors.invalid(path["name"], name, "name is not a valid CEL identifier")
            }
            if Self.isBlank(source) {
                errors.required(path["expression"], "expression is not specified")
            } else if let failure = failures[index] {
                errors.invalid(path["expression"], source, failure.description)
            }
        }
        return variables.type
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        let isPlain = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        // Words of the language are the names that are escaped though they are plain.
        return isPlain && !["true", "false", "null", "in", "as"].contains(name)
            && CELFieldName.escaped(name).map { !$0.hasPrefix("__\(name)__") } ?? false
    }

    private mutating func checkExpression(
        _ source: String, _ path: FieldPath, _ environment: PolicyEnvironment, _ types: [CELType]
    ) {
        do throws(PolicyCompileError) { _ = try environment.compile(source, types) } catch {
            errors.invalid(path, source, error.description)
        }
    }

    // MARK: Validations

    private static let reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"]
    private static let maximumAnnotations = 20
    private static let maximumAnnotationLength = 5 * 1024

    private mutating func checkValidations(_ variables: CELObjectType) {
        let validations = spec["validations"]?.array ?? []
        let annotations = spec["auditAnnotations"]?.array ?? []
        guard !validations.isEmpty || !annotations.isEmpty else {
            let cause = "validations or auditAnnotations must contain at least one item"
            errors.required(path["validations"], cause)
            errors.required(path["auditAnnotations"], cause)
            return
        }
        let full = environments.full(variables)
        let plain = environments.withoutAuthorizer(variables)
        for (index, validation) in validations.enumerated() {
            checkValidation(validation, path["validations"][index], full, plain)
        }
        if annotations.count > Self.maximumAnnotations {
            errors.invalid(
                path["auditAnnotations"], .array(annotations),
                "must not have more than \(Self.maximumAnnotations) auditAnnotations")
        }
        var keys: Set<String> = []
        for (index, annotation) in annotations.enumerated() {
            let place = path["auditAnnotations"][index]
            let key = annotation["key"]?.string ?? ""
            checkAnnotation(annotation, key, place, full)
            if !keys.insert(key).inserted { errors.duplicate(place["key"], key) }
        }
    }

    private mutating func checkValidation(
        _ validation: JSONValue, _ path: FieldPath, _ full: PolicyEnvironment, _ plain: PolicyEnvironment
    ) {
        let source = validation["expression"]?.string ?? ""
        if Self.isBlank(source) {
            errors.required(path["expression"], "expression is not specified")
        } else {
            checkExpression(source, path["expression"], full, [.bool])
        }
        let expression = validation["messageExpression"]?.string ?? ""
        if !expression.isEmpty {
            if Self.isBlank(expression) {
                errors.invalid(path["messageExpression"], expression, "must be non-empty if specified")
            } else {
                checkExpression(expression, path["messageExpression"], plain, [.string])
            }
        }
        let message = validation["message"]?.string ?? ""
        if !message.isEmpty, Self.isBlank(message) {
            errors.invalid(path["message"], message, "message must be non-empty if specified")
        } else if SchemaRule.trimmed(message).contains(where: \.isNewline) {
            errors.invalid(path["message"], message, "message must not contain line breaks")
        }
        if let reason = validation["reason"]?.string, !Self.reasons.contains(reason) {
            errors.notSupported(path["reason"], reason, Self.reasons)
        }
    }

    private mutating func checkAnnotation(
        _ annotation: JSONValue, _ key: String, _ path: FieldPath, _ environment: PolicyEnvironment
    ) {
        let qualified = "\(object.name)/\(key)"
        for message in Names.labelKey(qualified) { errors.invalid(path["key"], qualified, message) }
        let source = SchemaRule.trimmed(annotation["valueExpression"]?.string ?? "")
        if source.isEmpty {
            errors.required(path["valueExpression"], "valueExpression is not specified")
        } else if source.utf8.count > Self.maximumAnnotationLength {
            errors.required(
                path["valueExpression"], "must not exceed \(Self.maximumAnnotationLength) bytes in length")
        } else {
            checkExpression(source, path["valueExpression"], environment, [.string, .null])
        }
    }

    // MARK: Mutations

    private mutating func checkMutations(_ variables: CELObjectType) {
        let mutations = spec["mutations"]?.array ?? []
        if mutations.isEmpty {
            errors.required(path["mutations"], "mutations must contain at least one item")
        }
        checkChoice(
            spec["reinvocationPolicy"]?.string, path["reinvocationPolicy"], ["IfNeeded", "Never"])
        let environment = environments.full(variables)
        let forms: [(type: String, key: String, result: CELType)] = [
            ("ApplyConfiguration", "applyConfiguration", .object(MutatingPolicy.objectType)),
            ("JSONPatch", "jsonPatch", .list(.object(MutatingPolicy.patchType))),
        ]
        for (index, mutation) in mutations.enumerated() {
            let place = path["mutations"][index]
            let chosen = mutation["patchType"]?.string ?? ""
            checkChoice(chosen.isEmpty ? nil : chosen, place["patchType"], forms.map(\.type))
            for (type, key, result) in forms {
                let source = mutation[path: key, "expression"]?.string
                if type != chosen {
                    if source != nil {
                        errors.invalid(
                            place[key], mutation[key] ?? .null, "must be unset when patchType is \(chosen)")
                    }
                } else if let source, !Self.isBlank(source) {
                    checkExpression(source, place[key]["expression"], environment, [result])
                } else {
                    errors.required(
                        place[key]["expression"], "expression is not specified")
                }
            }
        }
    }
}
