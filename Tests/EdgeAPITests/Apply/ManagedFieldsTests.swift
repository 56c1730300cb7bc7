import EdgeJSON
import Testing

@testable import EdgeAPI

@Suite struct ManagedFieldsTests {
    /// What `kubectl create deployment` leaves in a Kubernetes cluster, without the container's defaults.
    @Test func aCreationOwnsEverythingButWhatTheServerSets() throws {
        var test = ManagedObject(ManagedObject.deployment)
        try test.update(
            """
            metadata: {name: x, uid: u, creationTimestamp: '2026-01-01T00:00:00Z', labels: {app: x}}
            spec:
              replicas: 1
              selector: {matchLabels: {app: x}}
              strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%}}
              template: {metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: i}], securityContext: {}}}
            status: {replicas: 3}
            """, by: "kubectl-create")
        #expect(
            test.fields("kubectl-create", .update)
                == #"{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{}},"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{},"f:resources":{}}},"f:securityContext":{}}}}}"#
        )
    }

    @Test func updatesMoveWhatTheyChange() throws {
        var test = ManagedObject(ManagedObject.configMap)
        try test.update("data: {a: '1', b: '1'}", by: "one")
        try test.update("data: {a: '2', b: '1', c: '1'}", by: "two")
        #expect(test.fields("one", .update) == #"{"f:data":{".":{},"f:b":{}}}"#)
        #expect(test.fields("two", .update) == #"{"f:data":{"f:a":{},"f:c":{}}}"#)
        try test.update("data: {b: '1'}", by: "one")
        #expect(test.fields("two", .update) == nil)
        #expect(test.managed.entries.map(\.time) == ["2026-01-01T00:00:01Z"])
    }

    @Test func theStatusIsBookedApart() throws {
        var test = ManagedObject(ManagedObject.deployment)
        try test.update("spec: {replicas: 1}", by: "one")
        try test.update(
            "spec: {replicas: 1}\nstatus: {readyReplicas: 1}", by: "controller", subresource: "status")
        #expect(test.fields("controller", .update) == #"{"f:status":{"f:readyReplicas":{}}}"#)
        #expect(test.managed.entries.last?.subresource == "status")
        try test.update("spec: {replicas: 2}\nstatus: {}", by: "one")
        #expect(test.fields("controller", .update) == #"{"f:status":{"f:readyReplicas":{}}}"#)
    }

    @Test func conditionsAreKeyedByType() throws {
        var test = ManagedObject(ManagedObject.deployment)
        try test.update("spec: {replicas: 1}", by: "one")
        let conditions =
            "spec: {replicas: 1}\nstatus: {conditions: [{type: A, status: 'True'}, {type: B, status: S}]}"
        try test.update(
            conditions.replacing(", {type: B, status: S}", with: ""), by: "a", subresource: "status")
        try test.update(conditions.replacing("S}", with: "'True'}"), by: "b", subresource: "status")
        try test.update(conditions.replacing("S}", with: "'False'}"), by: "c", subresource: "status")
        #expect(test.fields("a", .update)?.contains(#""k:{\"type\":\"A\"}""#) == true)
        #expect(
            test.fields("c", .update)
                == #"{"f:status":{"f:conditions":{"k:{\"type\":\"B\"}":{"f:status":{}}}}}"#)
    }

    @Test func oldUpdatesBecomeOne() throws {
        var test = ManagedObject(ManagedObject.configMap)
        for number in 1...14 {
            let data = (1...number).map { "k\($0): v" }.joined(separator: ", ")
            try test.update("data: {\(data)}", by: "m\(number)")
        }
        #expect(test.managed.entries.count == 10)
        #expect(
            test.fields("ancient-changes", .update)
                == #"{"f:data":{".":{},"f:k1":{},"f:k2":{},"f:k3":{},"f:k4":{},"f:k5":{}}}"#)
        #expect(test.fields("m5", .update) == nil && test.fields("m6", .update) != nil)
    }

    @Test func anUntrackedObjectIsTrackedFromItsFirstApply() throws {
        var test = ManagedObject(ManagedObject.configMap)
        try test.update("data: {a: '1'}", by: "one")
        test.managed = ManagedFields()
        try test.update("data: {a: '2'}", by: "one")
        #expect(test.managed.isEmpty)
        #expect(throws: ApplyConflicts.self) { try test.apply("data: {a: '3'}", by: "me") }
        try test.apply("data: {b: '3'}", by: "me")
        #expect(test.fields("before-first-apply", .update) == #"{"f:data":{".":{},"f:a":{}}}"#)
    }

    @Test func whatKubectlAppliedFromItsSideIsItsOwn() throws {
        var test = ManagedObject(ManagedObject.configMap)
        let last = JSONValue.object(
            LastApplied.modified([
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "x"], "data": ["a": "1"],
            ]))
        let annotations = last["metadata"]?["annotations"] ?? [:]
        try test.update(
            "{metadata: {name: x, annotations: \(annotations)}, data: {a: '1', b: '1'}}", by: "csa")
        #expect(throws: ApplyConflicts.self) { try test.apply("data: {a: '2'}", by: "other") }
        #expect(throws: ApplyConflicts.self) { try test.apply("data: {b: '2'}", by: "kubectl") }
        try test.apply("data: {a: '2'}", by: "kubectl")
        #expect(test.value("data", "a") == "2")
        let text = test.value("metadata", "annotations", LastApplied.annotation)?.string ?? ""
        #expect(text.contains(#""data":{"a":"2"}"#))
    }

    @Test(
        arguments: [
            ([[:]], true), ([], false), (nil, false), ([["manager": "x"]], false), ([[:], [:]], false),
        ] as [(JSONValue, Bool)])
    func aSingleEmptyEntryResets(_ value: JSONValue, _ isReset: Bool) {
        #expect(ManagedFields.isReset(value) == isReset)
    }

    @Test func entriesComeBackInOrder() throws {
        var test = ManagedObject(ManagedObject.configMap)
        try test.update("data: {a: '1'}", by: "z")
        try test.update("data: {a: '1', b: '1'}", by: "a")
        try test.apply("data: {c: '1'}", by: "me")
        let value = try #require(test.managed.value)
        #expect(value.array?.map { $0["manager"]?.string } == ["me", "z", "a"])
        #expect(ManagedFields(value)?.value == value)
        #expect(ManagedFields([["manager": "x"]]) == nil)
    }
}
