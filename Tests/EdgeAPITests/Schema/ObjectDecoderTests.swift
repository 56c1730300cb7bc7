import EdgeAPI
import EdgeJSON
import Testing

struct ObjectDecoderTests {
    private func decode(_ text: String, _ type: String) throws -> ObjectDecoder.Result {
        try ObjectDecoder.decode(JSONValue(parsing: text), as: #require(Schema.shared.type(type)))
    }

    @Test(arguments: [
        // Members in schema order, maps sorted, what Go writes empty is there.
        (
            #"{"spec":{},"kind":"Pod","metadata":{"name":"a","labels":{"b":"1","a":"2"}},"apiVersion":"v1"}"#,
            "core.v1.Pod",
            #"{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"a":"2","b":"1"},"name":"a"},"spec":{"containers":null},"status":{}}"#
        ),
        // Zero values of what Go holds by value go; those of pointers stay.
        (
            #"{"hostNetwork":false,"nodeName":"","automountServiceAccountToken":false,"containers":[],"priority":0,"nodeSelector":{},"tolerations":[]}"#,
            "core.v1.PodSpec", #"{"automountServiceAccountToken":false,"containers":[],"priority":0}"#
        ),
        (
            #"{"replicas":0,"minReadySeconds":0,"paused":true,"strategy":null}"#, "apps.v1.DeploymentSpec",
            #"{"paused":true,"replicas":0,"selector":null,"strategy":{},"template":{"metadata":{},"spec":{"containers":null}}}"#
        ),
        (
            #"{"maxSurge":0,"maxUnavailable":"25%"}"#, "apps.v1.RollingUpdateDeployment",
            #"{"maxSurge":0,"maxUnavailable":"25%"}"#
        ),
        (#"{"port":80,"targetPort":0,"protocol":""}"#, "core.v1.ServicePort", #"{"port":80}"#),
        (
            #"{"default":false,"additionalProperties":false,"nullable":false}"#,
            "apiextensions.v1.JSONSchemaProps",
            #"{"additionalProperties":false,"default":false}"#
        ),
        (#"{"name":"c","emptyDir":{}}"#, "core.v1.Volume", #"{"emptyDir":{},"name":"c"}"#),
        (
            #"{"type":"Ready","status":"True"}"#, "core.v1.PodCondition",
            #"{"lastProbeTime":null,"lastTransitionTime":null,"status":"True","type":"Ready"}"#
        ),
        (
            #"{"resource":"limits.cpu"}"#, "core.v1.ResourceFieldSelector",
            #"{"divisor":"0","resource":"limits.cpu"}"#
        ),
        // Nulls in lists and maps.
        (
            #"{"labels":{"a":null},"finalizers":[null]}"#, "meta.v1.ObjectMeta",
            #"{"finalizers":[""],"labels":{"a":""}}"#
        ),
        // Quantities, times, bytes, ports.
        (
            #"{"limits":{"cpu":0.5,"memory":"1024Mi","x":2,"y":"1000m","z":"128Mi"}}"#,
            "core.v1.ResourceRequirements",
            #"{"limits":{"cpu":"500m","memory":"1Gi","x":"2","y":"1","z":"128Mi"}}"#
        ),
        (
            #"{"creationTimestamp":"2026-01-02T03:04:05.678+02:00"}"#, "meta.v1.ObjectMeta",
            #"{"creationTimestamp":"2026-01-02T01:04:05Z"}"#
        ),
        (
            #"{"renewTime":"2026-01-02T03:04:05Z"}"#, "coordination.v1.LeaseSpec",
            #"{"renewTime":"2026-01-02T03:04:05.000000Z"}"#
        ),
        (
            #"{"data":{"b":"aGk=","a":"aG\nk="}}"#, "core.v1.Secret",
            #"{"metadata":{},"data":{"a":"aGk=","b":"aGk="}}"#
        ),
        (#"{"port":80,"targetPort":"http"}"#, "core.v1.ServicePort", #"{"port":80,"targetPort":"http"}"#),
        // JSON schemas and raw JSON.
        (
            #"{"properties":{"a":{"items":{"type":"string","bogus":1}},"b":{"additionalProperties":true}},"default":{"any":[1]}}"#,
            "apiextensions.v1.JSONSchemaProps",
            #"{"default":{"any":[1]},"properties":{"a":{"items":{"type":"string"}},"b":{"additionalProperties":true}}}"#
        ),
        (
            #"{"manager":"m","fieldsV1":{"f:a":{}}}"#, "meta.v1.ManagedFieldsEntry",
            #"{"fieldsV1":{"f:a":{}},"manager":"m"}"#
        ),
    ])
    func `brings objects into their canonical form`(text: String, type: String, canonical: String) throws {
        let result = try decode(text, type)
        #expect(JSONValue.object(result.object).description == canonical)
        // Canonical is canonical.
        #expect(try JSONValue.object(decode(canonical, type).object).description == canonical)
    }

    @Test func `leaves out and reports unknown fields`() throws {
        let result = try decode(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicsa":1,"template":{"spec":{"containers":[
            {"name":"a"},{"name":"b","imagee":"x","resources":{"limit":{}}}]}}},"extra":{}}
            """, "apps.v1.Deployment")
        #expect(
            Set(result.unknownFieldMessages) == [
                #"unknown field "spec.replicsa""#,
                #"unknown field "spec.template.spec.containers[1].imagee""#,
                #"unknown field "spec.template.spec.containers[1].resources.limit""#,
                #"unknown field "extra""#,
            ])
        #expect(result.object["extra"] == nil)
        #expect(result.object["spec"]?["replicsa"] == nil)
    }

    @Test(arguments: [
        (
            #"{"spec":{"replicas":"x"}}"#,
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
        ),
        (
            #"{"spec":{"replicas":3000000000}}"#,
            "json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32"
        ),
        (
            #"{"spec":{"replicas":1.5}}"#,
            "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32"
        ),
        (
            #"{"spec":[]}"#,
            "json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec"
        ),
        (
            #"{"metadata":{"labels":{"a":1}}}"#,
            "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"
        ),
        (
            #"{"metadata":{"labels":[]}}"#,
            "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string"
        ),
        (
            #"{"spec":{"template":{"spec":{"containers":{}}}}}"#,
            "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container"
        ),
        (
            #"{"spec":{"template":{"spec":{"containers":[{"args":[1]}]}}}}"#,
            "json: cannot unmarshal number into Go struct field Container.spec.template.spec.containers.args of type string"
        ),
        (
            #"{"spec":{"paused":"yes"}}"#,
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool"
        ),
        (#"[]"#, "json: cannot unmarshal array into Go value of type v1.Deployment"),
        (
            #"{"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":"1x"}}}]}}}}"#,
            """
            quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$' \
            (in spec.template.spec.containers.resources.limits)
            """
        ),
        (
            #"{"metadata":{"creationTimestamp":"yesterday"}}"#,
            """
            parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006" \
            (in metadata.creationTimestamp)
            """
        ),
    ])
    func `refuses what does not fit, in Go's words`(text: String, message: String) {
        let error = #expect(throws: ObjectDecodingError.self) { try decode(text, "apps.v1.Deployment") }
        #expect(error?.description == message)
    }

    @Test func `refuses bad base64`() {
        let error = #expect(throws: ObjectDecodingError.self) {
            try decode(#"{"data":{"a":"a=b"}}"#, "core.v1.Secret")
        }
        #expect(error?.description == "illegal base64 data at input byte 1 (in data)")
    }

    @Test func `tells the client as Kubernetes does`() {
        let error = #expect(throws: ObjectDecodingError.self) {
            try decode(#"{"spec":{"replicas":"x"}}"#, "apps.v1.Deployment")
        }
        let kind = GroupVersionKind(group: "apps", version: "v1", kind: "Deployment")
        let status = error?.status(kind: kind)
        #expect(status?.code == 400)
        #expect(
            status?.message == """
                Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into \
                Go struct field DeploymentSpec.spec.replicas of type int32
                """)
    }
}
