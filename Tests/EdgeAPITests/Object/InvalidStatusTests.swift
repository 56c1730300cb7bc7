import EdgeAPI
import EdgeJSON
import Testing

struct InvalidStatusTests {
    @Test func oneError() {
        var errors = FieldErrors()
        errors.invalid(.spec["replicas"], -1, "must be greater than or equal to 0")
        let status = APIStatus.invalid(kind: "Deployment", group: "apps", name: "web", errors.list)
        #expect(
            status.message
                == "Deployment.apps \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater "
                + "than or equal to 0")
        #expect(status.code == 422 && status.reason == .invalid)
        #expect(
            status.details?.causes == [
                .init(
                    reason: "FieldValueInvalid",
                    message: "Invalid value: -1: must be greater than or equal to 0",
                    field: "spec.replicas")
            ])
    }

    /// Equal messages appear once, the causes all.
    @Test func severalErrors() {
        var errors = FieldErrors()
        errors.required(.spec["selector"])
        errors.required(.spec["selector"])
        errors.notSupported(.spec["type"], "x", ["a", "b"])
        let status = APIStatus.invalid(kind: "Pod", group: "", name: "p", errors.list)
        #expect(
            status.message
                == "Pod \"p\" is invalid: [spec.selector: Required value, spec.type: Unsupported value: "
                + "\"x\": supported values: \"a\", \"b\"]")
        #expect(status.details?.causes.count == 3)
    }

    @Test(arguments: [
        (FieldError(.required, "a", value: "", detail: "why"), "a: Required value: why"),
        (FieldError(.invalid, "a", value: "x\n\"y\"", detail: "d"), #"a: Invalid value: "x\n\"y\"": d"#),
        (FieldError(.invalid, "a", value: ["k": [1]], detail: "d"), #"a: Invalid value: {"k":[1]}: d"#),
        (FieldError(.duplicate, "a[0]", value: "x"), #"a[0]: Duplicate value: "x""#),
        (FieldError(.notFound, "a", value: "x"), #"a: Not found: "x""#),
        (FieldError(.forbidden, "a", value: "", detail: "no"), "a: Forbidden: no"),
        (
            FieldError(.tooMany, "a", value: 3, detail: "must have at most 2 items"),
            "a: Too many: 3: must have at most 2 items"
        ),
    ])
    func texts(_ error: FieldError, _ text: String) { #expect(error.description == text) }

    @Test func paths() {
        let path = FieldPath.spec["containers"][0]["image"]
        #expect(path.description == "spec.containers[0].image")
        #expect(FieldPath("data")[key: "a.b"].description == "data[a.b]")
    }
}
