import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeControllers

@Suite struct OwnershipPlanTests {
    private static func object(owners: [String], blocking: Bool = false) -> APIObject {
        var object = APIObject(apiVersion: "v1", kind: "Pod", namespace: "default", name: "p")
        object[path: "metadata", "ownerReferences"] = .array(
            owners.map {
                [
                    "apiVersion": "v1", "kind": "ConfigMap", "name": .string($0), "uid": .string($0),
                    "blockOwnerDeletion": .bool(blocking),
                ]
            })
        return object
    }

    @Test(
        arguments: [
            (["a"], ["a": .present], OwnershipPlan.keep),
            (["a"], ["a": .absent], .delete(foreground: false)),
            (["a", "b"], ["a": .absent, "b": .present], .removeReferences(["a"])),
            (["a", "b"], ["a": .absent, "b": .absent], .delete(foreground: false)),
            (["a"], ["a": .waitingForDependents], .delete(foreground: false)),
            ([], [:], .keep),
        ] as [([String], [String: OwnershipPlan.Owner], OwnershipPlan)])
    private func decides(owners: [String], states: [String: OwnershipPlan.Owner], expected: OwnershipPlan) {
        #expect(OwnershipPlan(Self.object(owners: owners), owners: states) == expected)
    }

    @Test func blockingDependentsGoInTheForeground() {
        let plan = OwnershipPlan(
            Self.object(owners: ["a"], blocking: true), owners: ["a": .waitingForDependents])
        #expect(plan == .delete(foreground: true))
    }
}
