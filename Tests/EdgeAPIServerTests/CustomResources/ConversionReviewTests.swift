import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct ConversionReviewTests {
    private static let json: JSONObject = [
        "apiVersion": "example.com/v1", "kind": "Note",
        "metadata": ["name": "n", "uid": "1", "labels": ["a": "b"], "generation": 3],
        "spec": ["text": "x"],
    ]
    private static var original: APIObject { APIObject(json) }

    private static func answer(_ change: (inout JSONValue) -> Void = { _ in }) -> JSONValue {
        var object = original.value
        object["apiVersion"] = "example.com/v2"
        object["metadata"]?["labels"] = ["c": "d"]
        object["metadata"]?["generation"] = 99
        var answer: JSONValue = [
            "kind": "ConversionReview", "apiVersion": "apiextensions.k8s.io/v1",
            "response": [
                "uid": "u", "result": ["status": "Success"], "convertedObjects": .array([object]),
            ],
        ]
        change(&answer)
        return answer
    }

    private static func review() throws -> ConversionReview {
        try ConversionReview(["v2", "v1"], uid: "u", [original], "example.com/v2")
    }

    @Test func asksInTheFirstVersionThatItKnows() throws {
        let request = try Self.review().request
        #expect(request["apiVersion"] == "apiextensions.k8s.io/v1")
        #expect(request["request"]?["desiredAPIVersion"] == "example.com/v2")
        #expect(request["request"]?["objects"]?.array?.count == 1)
        #expect(throws: ConversionFailure.self) {
            try ConversionReview(["v3"], uid: "u", [], "example.com/v2")
        }
    }

    @Test func onlyLabelsAndAnnotationsOfTheMetadataChange() throws {
        let object = try #require(try Self.review().converted(Self.answer()).first)
        #expect(object.apiVersion == "example.com/v2")
        #expect(object.labels == ["c": "d"])
        #expect(object.generation == 3)
    }

    @Test(arguments: [
        ("uid", "expected response.uid=\"u\", got \"other\""), ("failure", "no way"),
        ("count", "returned 0 objects, expected 1"),
        (
            "version",
            "returned invalid converted object at index 0: invalid groupVersion (expected example.com/v2, received example.com/v1)"
        ),
        ("name", "returned invalid converted object at index 0: must have the same name: \"n\" != \"m\""),
    ]) func refusesWhatIsNoAnswer(_ what: String, _ message: String) throws {
        let answer = Self.answer { answer in
            var response = answer["response"] ?? .null
            var object = response["convertedObjects"]?.array?.first ?? .null
            switch what {
            case "uid": response["uid"] = "other"
            case "failure": response["result"] = ["status": "Failure", "message": "no way"]
            case "count": response["convertedObjects"] = []
            case "version":
                object["apiVersion"] = "example.com/v1"
                response["convertedObjects"] = .array([object])
            default:
                object["metadata"]?["name"] = "m"
                response["convertedObjects"] = .array([object])
            }
            answer["response"] = response
        }
        let error = #expect(throws: ConversionFailure.self) { try Self.review().converted(answer) }
        #expect(error?.description == message)
    }
}
