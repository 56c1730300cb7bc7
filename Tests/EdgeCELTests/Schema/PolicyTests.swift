import EdgeCEL
import EdgeJSON
import Synchronization
import Testing

/// What admission policies use beyond rules of schemas: the authorizer, lazy variables, objects that are built.
@Suite struct PolicyTests {
    private final class Recorder: CELAuthorizer {
        let requests = Mutex<[CELAuthorizationRequest]>([])

        func authorize(_ request: CELAuthorizationRequest) -> CELAuthorizationDecision {
            requests.withLock { $0.append(request) }
            return CELAuthorizationDecision(isAllowed: request.verb == "get", reason: "because")
        }
    }

    private func evaluate(_ source: String, _ recorder: Recorder) throws -> CELProgram.Outcome {
        let program = try CELEnvironment(variables: ["authorizer": CELSchema(.authorizer)]).compile(source)
        return program.run(CELActivation(["authorizer": .authorizer(recorder)]))
    }

    @Test func authorizerChecks() throws {
        let recorder = Recorder()
        let outcome = try evaluate(
            "authorizer.group('apps').resource('deployments').subresource('status').namespace('test').name('backend')"
                + ".labelSelector('a=b').check('get').allowed()", recorder)
        #expect(try outcome.result.get().bool == true)
        let request = try #require(recorder.requests.withLock { $0.first })
        #expect(
            request.group == "apps" && request.resource == "deployments" && request.subresource == "status")
        #expect(request.namespace == "test" && request.name == "backend" && request.labelSelector == "a=b")
        #expect(
            try evaluate("authorizer.path('/healthz').check('post').allowed()", recorder).result.get().bool
                == false)
        #expect(
            try evaluate(
                "authorizer.serviceAccount('ns', 'sa').group('').resource('pods').check('get').reason() == 'because'",
                recorder
            ).result.get().bool == true)
        #expect(
            recorder.requests.withLock { $0.last }?.serviceAccount
                == .some(.init(namespace: "ns", name: "sa")))
    }

    @Test func authorizerCosts() throws {
        let recorder = Recorder()
        #expect(try evaluate("authorizer.path('/healthz').check('get').allowed()", recorder).cost == 350_003)
        let three = Array(repeating: "authorizer.path('/a').check('get').allowed()", count: 3).joined(
            separator: " && ")
        #expect(try evaluate(three, recorder).result.isCostFailure)
    }

    @Test func authorizerErrors() throws {
        let recorder = Recorder()
        for (source, message) in [
            ("authorizer.path(' ').check('get').allowed()", "path must not be empty"),
            ("authorizer.group('').resource('').check('get').allowed()", "resource must not be empty"),
            (
                "authorizer.serviceAccount('ns', '_').path('/').check('get').allowed()",
                "Invalid service account name"
            ),
        ] {
            #expect(throws: CELEvaluationError(message)) { try evaluate(source, recorder).result.get() }
        }
    }

    private struct Variables: CELLazyFields {
        let names = ["double", "bad"]

        func field(_ name: String, remainingCost: UInt64) throws(CELEvaluationError) -> (
            value: CELValue, cost: UInt64
        )? {
            switch name {
            case "double": (.int(42), 10)
            case "bad": throw CELEvaluationError("variable failed")
            default: nil
            }
        }
    }

    @Test func lazyVariables() throws {
        let type = CELObjectType(name: "variables", properties: ["double": .int, "bad": .int])
        let environment = CELEnvironment(variables: ["variables": .object(type)])
        let activation = CELActivation(["variables": .map(CELMap(lazy: Variables(), type: type))])
        let outcome = try environment.compile("variables.double == 42 || variables.bad == 1").run(activation)
        #expect(try outcome.result.get().bool == true)
        #expect(outcome.cost == 13)
        #expect(throws: CELEvaluationError("variable failed")) {
            try environment.compile("variables.bad == 1").evaluate(activation)
        }
    }

    @Test func objectsAreBuilt() throws {
        let patch = CELObjectType(
            name: "JSONPatch", properties: ["op": .string(), "path": .string(), "value": .any])
        let environment = CELEnvironment(
            variables: ["object": .any], libraries: CELLibrary.kubernetes + [.jsonPatch],
            types: [patch, CELObjectType(name: "Object", fields: [:], isOpen: true)])
        let activation = CELActivation(["object": CELValue(json: ["metadata": ["labels": ["a/b": "c"]]])])
        let patches = try environment.compile(
            "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('x/y'), value: dyn(object.metadata.labels)}]"
        ).evaluate(activation)
        #expect(patches.json == [["op": "add", "path": "/metadata/labels/x~1y", "value": ["a/b": "c"]]])
        let made = try environment.compile(
            "Object{spec: Object.spec{replicas: 3, ?paused: optional.none()}}"
        ).evaluate(activation)
        #expect(made.json == ["spec": ["replicas": 3]])
        #expect(throws: CELCompileErrors.self) { try environment.compile("JSONPatch{nope: 1}") }
        #expect(throws: CELCompileErrors.self) { try environment.compile("JSONPatch{op: 1}") }
    }
}

extension Result where Failure == CELEvaluationError {
    fileprivate var isCostFailure: Bool {
        if case .failure(let error) = self { error.kind == .costLimit } else { false }
    }
}
