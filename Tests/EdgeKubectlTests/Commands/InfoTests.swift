import EdgeClient
import Testing

@testable import EdgeKubectl

@Suite struct InfoTests {
    @Test func listsResources() async {
        let result = await kubectl("api-resources --api-group=apps --no-headers")
        #expect(
            result.output
                == "daemonsets    ds       apps/v1   true   DaemonSet\ndeployments   deploy   apps/v1   true   Deployment\nreplicasets   rs       apps/v1   true   ReplicaSet\n"
        )
        #expect(await kubectl("api-resources --namespaced=false -o name").output == "namespaces\nnodes\n")
        #expect(
            await kubectl("api-versions").output
                == "apps/v1\nbatch/v1\ncoordination.k8s.io/v1\nexample.com/v1\nv1\n")
    }

    @Test func tellsVersions() async {
        let server = MemoryServer()
        server.answer("/version", "{\"major\":\"1\",\"minor\":\"33\",\"gitVersion\":\"v1.33.1\"}")
        let result = await kubectl("version", server: server)
        #expect(result.output == "Client Version: v1.36.0\nServer Version: v1.33.1\n")
        #expect(
            result.errors
                == "WARNING: version difference between client (1.36) and server (1.33) exceeds the supported minor version skew of +/-1\n"
        )
    }

    @Test(arguments: [("true", "yes\n", 0), ("false", "no\n", 1)])
    func asksForAccess(allowed: String, text: String, code: Int32) async {
        let server = MemoryServer()
        server.answer(
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", status: 201,
            "{\"status\":{\"allowed\":\(allowed)}}")
        let result = await kubectl("auth can-i get deploy/web", server: server)
        #expect(result == KubectlResult(output: text, errors: "", code: code))
        let body = server.requests.last?.body.map { String(decoding: $0, as: UTF8.self) }
        #expect(
            body?.contains(
                "\"resourceAttributes\":{\"verb\":\"get\",\"namespace\":\"default\",\"resource\":\"deployments\",\"group\":\"apps\",\"name\":\"web\"}"
            ) == true)
    }

    @Test func describesUnknownKindsFieldByField() async throws {
        let server = MemoryServer()
        try server.put(
            "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: default, labels: {a: b}, uid: u, creationTimestamp: t}, spec: {maxSize: 3, someURL: x, items: [{name: a}, 7]}}"
        )
        let result = await kubectl("describe widget w", server: server)
        #expect(
            result.output == """
                Name:         w
                Namespace:    default
                Labels:       a=b
                Annotations:  <none>
                API Version:  example.com/v1
                Kind:         Widget
                Metadata:
                  Creation Timestamp:  t
                  Resource Version:    101
                  UID:                 u
                Spec:
                  Items:
                    Name:  a
                    7
                  Max Size:  3
                  Some URL:  x
                Events:      <none>

                """)
    }

    @Test func describesEvents() async throws {
        let server = MemoryServer()
        try server.put(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: c, namespace: default, uid: u}
            data: {a: "1"}
            ---
            apiVersion: v1
            kind: Event
            metadata: {name: e, namespace: default}
            involvedObject: {kind: ConfigMap, name: c, namespace: default, uid: u}
            type: Warning
            reason: Bad
            message: " it is bad\\n"
            source: {component: tester}
            count: 2
            firstTimestamp: "2026-11-21T11:50:00Z"
            lastTimestamp: "2026-11-21T11:59:30Z"
            """)
        let result = await kubectl("describe cm c", server: server)
        #expect(
            result.output.hasSuffix(
                "Events:\n  Type     Reason  Age                From    Message\n  ----     ------  ----               ----    -------\n  Warning  Bad     30s (x2 over 10m)  tester  it is bad\n"
            ))
        let events = await kubectl("events", server: server)
        #expect(
            events.output
                == "LAST SEEN            TYPE      REASON   OBJECT        MESSAGE\n30s (x2 over 10m)    Warning   Bad      ConfigMap/c   it is bad\n"
                .replacingAll("over 10m)    W", with: "over 10m)   W").replacingAll(
                    "SEEN            T", with: "SEEN           T"))
    }

    @Test func explainsFields() async {
        let server = MemoryServer()
        server.answer(
            "/openapi/v3", "{\"paths\":{\"api/v1\":{\"serverRelativeURL\":\"/openapi/v3/api/v1?hash=X\"}}}")
        server.answer(
            "/openapi/v3/api/v1",
            """
            {"components":{"schemas":{
              "io.k8s.api.core.v1.Pod":{"description":"A pod.","type":"object","properties":{"spec":{"default":{},"description":"What it does.","allOf":[{"$ref":"#/components/schemas/io.k8s.api.core.v1.PodSpec"}]},"kind":{"type":"string","description":"Its kind."}},"x-kubernetes-group-version-kind":[{"group":"","version":"v1","kind":"Pod"}]},
              "io.k8s.api.core.v1.PodSpec":{"description":"The spec.","type":"object","required":["containers"],"properties":{"containers":{"type":"array","description":"Containers of the pod.","items":{"type":"object","properties":{"name":{"type":"string"}}}},"restartPolicy":{"type":"string","enum":["Always","Never"]}}}}}}
            """)
        let pod = await kubectl("explain pods", server: server)
        #expect(
            pod.output
                == "KIND:       Pod\nVERSION:    v1\n\nDESCRIPTION:\n    A pod.\n    \nFIELDS:\n  kind\t<string>\n    Its kind.\n\n  spec\t<PodSpec>\n    What it does.\n\n\n"
        )
        let spec = await kubectl("explain pod.spec.restartPolicy", server: server)
        #expect(spec.output.contains("FIELD: restartPolicy <string>\nENUM:\n    Always\n    Never\n"))
        let recursive = await kubectl("explain pod --recursive", server: server)
        #expect(
            recursive.output.contains(
                "  spec\t<PodSpec>\n    containers\t<[]Object> -required-\n      name\t<string>\n    restartPolicy\t<string>\n    enum: Always, Never\n"
            ))
        let missing = await kubectl("explain pod.nope", server: server)
        #expect(missing.errors == "error: field \"nope\" does not exist\n")
    }
}
