import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct AdmissionReviewTests {
    private static func review(_ versions: [String] = ["v1"]) throws -> AdmissionReview {
        let pods = try #require(Schema.shared.stored("pods"))
        let attributes = WebhookAttributes(
            operation: .update, requested: pods, resource: pods, subresource: "status", namespace: "d",
            name: "p", user: UserInfo(name: "u", groups: ["g"], extra: ["k": ["v"]]), object: nil, old: nil,
            options: ["kind": "UpdateOptions"], isDryRun: true)
        return try AdmissionReview(
            versions, uid: "1", attributes, in: pods,
            object: APIObject(["kind": "Pod"] as JSONObject), old: nil)
    }

    private static func answer(_ response: JSONObject) -> JSONValue {
        ["kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "response": .object(response)]
    }

    @Test func tellsAllOfTheRequest() throws {
        let review = try Self.review(["v7", "v1beta1", "v1"]).request
        #expect(review["apiVersion"] == "admission.k8s.io/v1beta1")
        let pod: JSONValue = ["group": "", "version": "v1", "kind": "Pod"]
        let pods: JSONValue = ["group": "", "version": "v1", "resource": "pods"]
        #expect(
            review["request"] == [
                "uid": "1", "kind": pod, "resource": pods, "subResource": "status", "requestKind": pod,
                "requestResource": pods, "requestSubResource": "status", "name": "p", "namespace": "d",
                "operation": "UPDATE",
                "userInfo": ["username": "u", "groups": ["g"], "extra": ["k": ["v"]]],
                "object": ["kind": "Pod"], "oldObject": nil, "dryRun": true,
                "options": ["kind": "UpdateOptions"],
            ])
        #expect(throws: OutboundFailure.self) { try Self.review(["v2"]) }
    }

    @Test(
        arguments: [
            (["kind": "AdmissionReview"], "webhook response was absent"),
            (answer(["uid": "2"]), "expected response.uid=\"1\", got \"2\""),
            (
                ["response": ["uid": "1"]],
                "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind="
            ),
            (
                answer(["uid": "1", "allowed": true, "patch": "W10="]),
                "webhook returned response.patch but not response.patchType"
            ),
            (
                answer(["uid": "1", "allowed": true, "patchType": "JSONPatch"]),
                "webhook returned response.patchType but not response.patch"
            ),
            (
                answer(["uid": "1", "allowed": true, "patchType": "Merge", "patch": "W10="]),
                "invalid value of response.patchType Merge, expected JSONPatch"
            ),
        ] as [(JSONValue, String)])
    func badAnswers(_ answer: JSONValue, _ message: String) throws {
        let review = try Self.review()
        let failure = #expect(throws: OutboundFailure.self) { try review.verdict(answer, isMutating: true) }
        #expect(failure?.description == message)
    }

    @Test func readsWhatWasDecided() throws {
        let verdict = try Self.review().verdict(
            Self.answer([
                "uid": "1", "allowed": true, "patchType": "JSONPatch", "patch": "W10=", "warnings": ["w"],
                "auditAnnotations": ["a": "b"],
            ]), isMutating: true)
        #expect(verdict.isAllowed)
        #expect(verdict.patch == Array("[]".utf8))
        #expect(verdict.warnings == ["w"])
        #expect(verdict.annotations.map(\.key) == ["a"])
        let lenient = try Self.review(["v1beta1"]).verdict(
            ["response": ["allowed": false, "patch": "W10="]], isMutating: false)
        #expect(!lenient.isAllowed && lenient.patch == nil)
    }

    @Test(
        arguments: [
            ([:], 400, "", "admission webhook \"w\" denied the request without explanation"),
            (
                ["status": ["message": "no", "code": 403, "reason": "Forbidden"]], 403, "Forbidden",
                "admission webhook \"w\" denied the request: no"
            ),
            (
                ["status": ["reason": "Because", "code": 200]], 400, "Because",
                "admission webhook \"w\" denied the request: Because"
            ),
        ] as [(JSONObject, Int, String, String)])
    func denials(_ more: JSONObject, _ code: Int, _ reason: String, _ message: String) throws {
        var response: JSONObject = ["uid": "1", "allowed": false]
        for member in more { response[member.key] = member.value }
        let denial = try Self.review().verdict(Self.answer(response), isMutating: false).denial(by: "w")
        #expect(denial.code == code)
        #expect(denial.reason.rawValue == reason)
        #expect(denial.message == message)
    }
}
