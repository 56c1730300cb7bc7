import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeAPI

@Suite struct QuotaTests {
    private let now = Timestamp(seconds: 1_767_225_600)

    private func object(_ yaml: String) throws -> APIObject {
        try #require(try YAML.parse(yaml).first.flatMap { APIObject($0) })
    }

    private func text(_ amounts: [String: Quantity]) -> [String] {
        amounts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    @Test(arguments: [
        (
            "pods",
            "spec: {containers: [{name: a, resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: 1}}}], overhead: {cpu: 50m}}",
            [
                "count/pods=1", "cpu=150m", "limits.cpu=1050m", "memory=1Gi", "pods=1", "requests.cpu=150m",
                "requests.memory=1Gi",
            ]
        ),
        ("pods", "status: {phase: Succeeded}\nspec: {containers: []}", ["count/pods=1"]),
        (
            "pods",
            "metadata: {deletionTimestamp: '2025-12-31T23:00:00Z', deletionGracePeriodSeconds: 30}\nspec: {containers: []}",
            ["count/pods=1"]
        ),
        (
            "services", "spec: {type: LoadBalancer, ports: [{port: 1}, {port: 2}]}",
            ["count/services=1", "services=1", "services.loadbalancers=1", "services.nodeports=2"]
        ),
        (
            "services",
            "spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 1}]}",
            ["count/services=1", "services=1", "services.loadbalancers=1", "services.nodeports=0"]
        ),
        (
            "persistentvolumeclaims", "spec: {storageClassName: fast, resources: {requests: {storage: 2Gi}}}",
            [
                "count/persistentvolumeclaims=1",
                "fast.storageclass.storage.k8s.io/persistentvolumeclaims=1",
                "fast.storageclass.storage.k8s.io/requests.storage=2Gi", "persistentvolumeclaims=1",
                "requests.storage=2Gi",
            ]
        ),
        ("deployments.apps", "{}", ["count/deployments.apps=1"]),
        ("configmaps", "{}", ["configmaps=1", "count/configmaps=1"]),
    ])
    func objectsTake(_ resource: String, _ yaml: String, _ usage: [String]) throws {
        #expect(text(QuotaUsage.of(try object(yaml), resource, now: now)) == usage)
    }

    @Test(arguments: [
        ("pods", "pods"), ("limits.memory", "pods"), ("requests.nvidia.com/gpu", "pods"),
        ("requests.storage", "persistentvolumeclaims"),
        ("services.nodeports", "services"), ("count/jobs.batch", "jobs.batch"), ("secrets", "secrets"),
        ("a.storageclass.storage.k8s.io/requests.storage", "persistentvolumeclaims"), ("nonsense", nil),
    ])
    func namesCountResources(_ name: String, _ resource: String?) {
        #expect(QuotaUsage.resource(countedBy: name) == resource)
    }

    @Test(arguments: [
        ("scopes: [BestEffort]", "containers: [{name: a}]", true),
        ("scopes: [NotBestEffort]", "containers: [{name: a}]", false),
        ("scopes: [Terminating]", "activeDeadlineSeconds: 5", true),
        ("scopes: [NotTerminating]", "activeDeadlineSeconds: 5", false),
        (
            "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}]}",
            "priorityClassName: high", true
        ),
        (
            "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: NotIn, values: [high]}]}",
            "priorityClassName: high", false
        ),
        (
            "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: Exists}]}",
            "priorityClassName: ''", false
        ),
        (
            "scopes: [CrossNamespacePodAffinity]",
            "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{namespaces: [x]}]}}",
            true
        ),
        ("scopes: [BestEffort, Terminating]", "containers: [{name: a}]", false),
    ])
    func scopesChoosePods(_ scope: String, _ spec: String, _ isCounted: Bool) throws {
        let quota = Quota(try object("metadata: {name: q}\nspec:\n  hard: {pods: 1}\n  \(scope)\n"))
        let usage = quota.usage(of: try object("spec:\n  \(spec)\n"), "pods", now: now)
        #expect(!usage.isEmpty == isCounted)
        #expect(quota.usage(of: try object("{}"), "services", now: now).isEmpty)
    }

    @Test func refusalsSayWhatWhy() throws {
        let quota = Quota(
            try object("metadata: {name: q}\nspec: {hard: {pods: 2, requests.cpu: 1, memory: 1Gi}}"))
        #expect(
            quota.refusal(
                requested: ["pods": Quantity(1), "requests.cpu": Quantity(milli: 500)],
                used: ["pods": Quantity(2), "requests.cpu": Quantity(milli: 600)])
                == "exceeded quota: q, requested: pods=1,requests.cpu=500m, used: pods=2,requests.cpu=600m, limited: pods=2,requests.cpu=1"
        )
        #expect(quota.refusal(requested: ["pods": Quantity(1)], used: ["pods": Quantity(1)]) == nil)
        // Who shrinks may shrink, even above the limit.
        #expect(quota.refusal(requested: ["pods": Quantity(-1)], used: ["pods": Quantity(5)]) == nil)
        let silent = try object(
            "spec: {containers: [{name: a}, {name: b, resources: {requests: {memory: 1Gi}}}]}")
        #expect(quota.missingRequirements(of: silent, "pods") == "memory for: a; requests.cpu for: a,b")
    }
}
