import EdgeJSON
import Testing

@testable import EdgeAPI

@Suite struct ApplyTests {
    private static func pod(_ containers: String) -> String {
        "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: \(containers)}}}"
    }

    @Test func anApplierOwnsWhatItSays() throws {
        var test = ManagedObject(ManagedObject.deployment)
        try test.apply(Self.pod("[{name: web, image: i, ports: [{containerPort: 80}]}]"), by: "me")
        #expect(
            test.fields("me")
                == #"{"f:spec":{"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}"#
        )
    }

    @Test func aConflictNamesOwnerAndField() throws {
        var test = ManagedObject(ManagedObject.deployment)
        try test.apply("spec: {replicas: 1}", by: "one")
        try test.update("spec: {replicas: 3}", by: "scaler")
        let conflicts = #expect(throws: ApplyConflicts.self) {
            try test.apply("spec: {replicas: 2}", by: "one")
        }
        let status = try #require(conflicts?.status)
        #expect(status.code == 409 && status.reason == .conflict)
        #expect(
            status.message
                == "Apply failed with 1 conflict: conflict with \"scaler\" using apps/v1: .spec.replicas")
        #expect(
            status.details?.causes == [
                APIStatus.Cause(
                    reason: "FieldManagerConflict", message: "conflict with \"scaler\" using apps/v1",
                    field: ".spec.replicas")
            ])
        try test.apply("spec: {replicas: 2}", by: "one", force: true)
        #expect(test.fields("scaler", .update) == nil)
        #expect(test.value("spec", "replicas") == 2)
    }

    @Test func severalConflictsAreListedByOwner() throws {
        var test = ManagedObject(ManagedObject.configMap)
        try test.apply("data: {a: '1', b: '1'}", by: "two")
        try test.apply("data: {a: '1'}", by: "one")
        let conflicts = #expect(throws: ApplyConflicts.self) {
            try test.apply("data: {a: '9', b: '9'}", by: "three")
        }
        #expect(
            conflicts?.status.message
                == "Apply failed with 3 conflicts: conflicts with \"one\":\n- .data.a\nconflicts with \"two\":\n- .data.a\n- .data.b"
        )
    }

    @Test func sameValuesAreShared() throws {
        var test = ManagedObject(ManagedObject.configMap)
        try test.apply("data: {a: '1', b: '1'}", by: "one")
        try test.apply("data: {a: '1'}", by: "two")
        try test.apply("data: {b: '1'}", by: "one")
        #expect(test.value("data") == ["a": "1", "b": "1"])
        try test.apply("data: {}", by: "two")
        #expect(test.value("data") == ["b": "1"])
        #expect(test.fields("two") == #"{"f:data":{}}"#)
        try test.apply("{}", by: "two")
        #expect(test.fields("two") == nil)
    }

    @Test func whatNobodyElseOwnsGoesWithItsApplier() throws {
        var test = ManagedObject(ManagedObject.deployment)
        try test.apply(
            Self.pod("[{name: web, image: i}, {name: side, image: s, env: [{name: A, value: x}]}]"), by: "one"
        )
        try test.apply(Self.pod("[{name: side, env: [{name: B, value: z}]}]"), by: "two")
        try test.apply(Self.pod("[{name: web, image: i}]"), by: "one")
        let containers = test.value("spec", "template", "spec", "containers")?.array ?? []
        // The element stays, since somebody else has it; what only the first one had of it is gone.
        #expect(containers.map { $0["name"] } == ["web", "side"])
        #expect(containers.last?["image"] == nil)
        #expect(containers.last?["env"] == [["name": "B", "value": "z"]])
    }

    @Test func whatOthersPutBelowStays() throws {
        var test = ManagedObject(ManagedObject.configMap)
        try test.apply("metadata: {name: x, labels: {a: '1'}}\ndata: {a: '1'}", by: "one")
        try test.update("metadata: {name: x, labels: {a: '1', b: '2'}}\ndata: {a: '1'}", by: "labeller")
        try test.apply("data: {a: '1'}", by: "one")
        #expect(test.value("metadata", "labels") == ["b": "2"])
    }

    @Test func atomicListsAreOwnedAsAWhole() throws {
        var test = ManagedObject(ManagedObject.deployment)
        try test.apply(Self.pod("[{name: web, command: [a, b]}]"), by: "one")
        #expect(throws: ApplyConflicts.self) {
            try test.apply(Self.pod("[{name: web, command: [c]}]"), by: "two")
        }
        try test.apply(Self.pod("[{name: web, command: [c]}]"), by: "two", force: true)
        #expect(
            test.value("spec", "template", "spec", "containers")?.array?.first?["command"] == ["c"])
    }

    @Test func setsAreMergedByValue() throws {
        var test = ManagedObject(ManagedObject.configMap)
        try test.apply("metadata: {name: x, finalizers: [a/one]}", by: "one")
        try test.apply("metadata: {name: x, finalizers: [a/two]}", by: "two")
        #expect(test.value("metadata", "finalizers")?.strings.sorted() == ["a/one", "a/two"])
        #expect(test.fields("two") == #"{"f:metadata":{"f:finalizers":{"v:\"a/two\"":{}}}}"#)
        try test.apply("{}", by: "one")
        #expect(test.value("metadata", "finalizers") == ["a/two"])
    }

    @Test func keysOfPortsHaveADefault() throws {
        var test = ManagedObject(ManagedObject.service)
        try test.apply("spec: {ports: [{port: 53, name: t}, {port: 53, name: u, protocol: UDP}]}", by: "one")
        try test.apply(
            "spec: {ports: [{port: 53, protocol: TCP, name: t}, {port: 53, name: u, protocol: UDP}]}",
            by: "one")
        #expect(test.value("spec", "ports")?.array?.count == 2)
    }

    @Test func equalQuantitiesAreNoChange() throws {
        var test = ManagedObject(ManagedObject.deployment)
        let one = Self.pod("[{name: web, resources: {limits: {cpu: '1'}}}]")
        try test.apply(one, by: "one")
        try test.apply(one.replacing("'1'", with: "1000m"), by: "two")
        #expect(
            test.fields("one")?.contains("f:cpu") == true && test.fields("two")?.contains("f:cpu") == true)
    }

    @Test func anApplyThatChangesNothingKeepsItsTime() throws {
        var test = ManagedObject(ManagedObject.configMap)
        try test.apply("data: {a: '1'}", by: "one")
        let before = test.managed
        try test.apply("data: {a: '1'}", by: "one")
        #expect(test.managed == before)
    }

    @Test(arguments: [
        ("spec: {replicsa: 1}", ".spec.replicsa: field not declared in schema"),
        ("spec: {replicas: x}", ".spec.replicas: expected numeric (int or float), got \"x\""),
        ("spec: {template: []}", ".spec.template: expected map, got []"),
        (
            pod("[{name: a}, {name: a}]"),
            ".spec.template.spec.containers: duplicate entries for key [name=\"a\"]"
        ),
        (
            pod("[{name: a, imagee: b}]"),
            ".spec.template.spec.containers[name=\"a\"].imagee: field not declared in schema"
        ),
    ])
    func badConfigurationsAreRefused(_ yaml: String, _ message: String) throws {
        var test = ManagedObject(ManagedObject.deployment)
        let failure = #expect(throws: ApplyConfiguration.Failure.self) { try test.apply(yaml, by: "me") }
        #expect(failure?.description == message)
    }

    @Test(arguments: [
        (["a", "b", "c"], ["c", "a"], ["b", "c", "a"]), (["a", "b"], ["x"], ["a", "b", "x"]),
        (["a", "b", "c"], ["b", "x", "c"], ["a", "b", "x", "c"]), (["a", "b"], ["b", "a"], ["b", "a"]),
        (["a", "u", "b"], ["a", "b"], ["a", "u", "b"]), ([], ["a"], ["a"]), (["a"], [], ["a"]),
    ])
    func listsKeepTheOrderOfTheConfiguration(_ live: [String], _ applied: [String], _ merged: [String]) {
        let merge = AppliedMerge(.shared).merge(
            ["finalizers": .array(live.map(JSONValue.string))],
            ["finalizers": .array(applied.map(JSONValue.string))],
            MergeType(Schema.shared.type("meta.v1.ObjectMeta")))
        #expect(merge["finalizers"]?.strings == merged)
    }
}
