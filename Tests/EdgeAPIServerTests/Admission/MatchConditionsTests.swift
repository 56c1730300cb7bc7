import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct MatchConditionsTests {
    private struct OnlyBob: Authorizer {
        func authorize(_ request: AccessRequest) -> AccessDecision {
            request.user.name == "bob" && request.verb == "get"
                ? .allowed(reason: "bob") : .denied(reason: "")
        }
    }

    private func attributes(user: String = "bob") throws -> AdmissionAttributes {
        let pods = try #require(Schema.shared.stored("pods"))
        return AdmissionAttributes(
            operation: .create, resource: pods, namespace: "d", name: "web",
            user: UserInfo(name: user, groups: ["dev"], extra: ["scopes": ["a"]]),
            object: APIObject(["metadata": ["name": "web", "labels": ["app": "x"]], "spec": [:]]), old: nil,
            options: ["kind": "CreateOptions", "fieldManager": "me"], isDryRun: true, authorizer: OnlyBob())
    }

    private func evaluate(_ expressions: [String], user: String = "bob") throws -> MatchConditionResult {
        let named = expressions.enumerated().map { (name: "c\($0.offset)", expression: $0.element) }
        return try MatchConditions(compiling: named).evaluate(try attributes(user: user))
    }

    @Test(arguments: [
        "true", "object.metadata.labels.app == 'x'", "oldObject == null", "request.name == 'web'",
        "request.operation == 'CREATE' && request.namespace == 'd' && request.dryRun",
        "request.kind.kind == 'Pod' && request.resource.resource == 'pods' && request.kind.group == ''",
        "request.userInfo.username == 'bob' && 'dev' in request.userInfo.groups",
        "request.userInfo.extra['scopes'] == ['a']", "request.options.fieldManager == 'me'",
        "!has(request.subResource)", "authorizer.group('').resource('pods').check('get').allowed()",
        "authorizer.requestResource.check('get').allowed() && !authorizer.requestResource.check('list').allowed()",
        "authorizer.serviceAccount('d', 'x').path('/').check('get').allowed() == false",
    ])
    func matched(expression: String) throws { #expect(try evaluate([expression]) == .matched) }

    @Test func falseCountsMoreThanErrors() throws {
        #expect(try evaluate([]) == .matched)
        #expect(try evaluate(["true", "object.spec.nope == 1", "1 == 2"]) == .notMatched("c2"))
        #expect(
            try evaluate(["object.spec.nope == 1"])
                == .error("expression 'object.spec.nope == 1' resulted in error: no such key: nope"))
        #expect(
            try evaluate(["authorizer.path('/x').check('get').allowed()"], user: "eve") == .notMatched("c0"))
    }

    @Test func whatDoesNotCompile() {
        let found = MatchConditions.errors(
            in: [("a", "1 + 1"), ("a", ""), ("", "params.x == 1"), ("b c", "true")], FieldPath("m")
        ).map(\.description)
        #expect(
            found.contains("m[0].expression: Invalid value: \"1 + 1\": must evaluate to bool but got int"))
        #expect(
            found.contains("m[1].expression: Required value") && found.contains("m[2].name: Required value"))
        #expect(found.contains("m[1].name: Duplicate value: \"a\""))
        #expect(
            found.contains {
                $0.hasPrefix("m[2].expression") && $0.contains("undeclared reference to 'params'")
            })
        #expect(found.contains { $0.hasPrefix("m[3].name: Invalid value") })
        #expect(throws: MatchConditions.Failure.self) {
            try MatchConditions(compiling: [(name: "x", expression: "nope")])
        }
    }

    @Test func costIsBounded() throws {
        let check = "authorizer.path('/x').check('get').allowed()"
        let two = "\(check) && \(check)"
        // Each fits, and together they are too many.
        #expect(try evaluate([two, two, two]) == .matched)
        #expect(try evaluate([two, two, two, two]) == .error(PolicyActivation.outOfBudget))
    }
}
