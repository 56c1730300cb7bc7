/// What each built-in controller may do, bound to its own ServiceAccount in kube-system.
enum ControllerRoles {
    struct Entry: Sendable {
        let name: String
        let rules: [PolicyRule]
    }

    private static let read = ["get", "list", "watch"]
    private static let write = ["create", "delete", "patch", "update"]
    private static let events = BootstrapRoles.rule(
        ["create", "patch", "update"], ["", "events.k8s.io"], ["events"])

    static let all: [Entry] = [
        Entry(
            name: "deployment-controller",
            rules: [
                rule(read + ["update", "patch"], ["apps"], ["deployments"]),
                rule(["update", "patch"], ["apps"], ["deployments/status", "deployments/finalizers"]),
                rule(read + write, ["apps"], ["replicasets"]),
                rule(read + ["update"], [""], ["pods"]),
                events,
            ]),
        Entry(
            name: "replicaset-controller",
            rules: [
                rule(read, ["apps"], ["replicasets"]),
                rule(["update", "patch"], ["apps"], ["replicasets/status", "replicasets/finalizers"]),
                rule(read + ["create", "delete", "patch"], [""], ["pods"]),
                events,
            ]),
        Entry(
            name: "endpointslice-controller",
            rules: [
                rule(read, [""], ["services", "pods", "nodes"]),
                rule(["update"], [""], ["services/finalizers"]),
                rule(read + write, ["discovery.k8s.io"], ["endpointslices"]),
                events,
            ]),
        Entry(
            name: "endpoint-controller",
            rules: [
                rule(read, [""], ["services", "pods"]),
                rule(read + write, [""], ["endpoints", "endpoints/restricted"]),
                events,
            ]),
        Entry(
            name: "endpointslicemirroring-controller",
            rules: [
                rule(read, [""], ["endpoints", "services"]),
                rule(["update"], [""], ["endpoints/finalizers", "services/finalizers"]),
                rule(read + write, ["discovery.k8s.io"], ["endpointslices"]),
                events,
            ]),
        Entry(
            name: "disruption-controller",
            rules: [
                rule(read, ["apps"], ["deployments", "replicasets", "statefulsets"]),
                rule(read, [""], ["pods", "replicationcontrollers"]),
                rule(read, ["policy"], ["poddisruptionbudgets"]),
                rule(["update"], ["policy"], ["poddisruptionbudgets/status"]),
                events,
            ]),
        Entry(
            name: "pvc-protection-controller",
            rules: [
                rule(read + ["update"], [""], ["persistentvolumeclaims", "persistentvolumes"]),
                rule(read, [""], ["pods"]), events,
            ]),
        Entry(
            name: "generic-garbage-collector",
            rules: [rule(read + ["delete", "patch", "update"], ["*"], ["*"]), events]),
        Entry(
            name: "namespace-controller",
            rules: [
                rule(
                    read + ["delete", "update"], [""],
                    ["namespaces", "namespaces/finalize", "namespaces/status"]),
                rule(["delete", "deletecollection", "get", "list"], ["*"], ["*"]),
            ]),
        Entry(
            name: "node-controller",
            rules: [
                rule(read + ["delete", "patch", "update"], [""], ["nodes"]),
                rule(["patch", "update"], [""], ["nodes/status", "pods/status"]),
                rule(read + ["delete"], [""], ["pods"]),
                rule(read, ["coordination.k8s.io"], ["leases"]),
                events,
            ]),
        Entry(
            name: "pod-garbage-collector",
            rules: [
                rule(read + ["delete"], [""], ["pods"]),
                rule(["patch", "update"], [""], ["pods/status"]),
                rule(["get", "list", "watch"], [""], ["nodes"]),
            ]),
        Entry(
            name: "service-account-controller",
            rules: [
                rule(read + ["create"], [""], ["serviceaccounts"]), rule(read, [""], ["namespaces"]), events,
            ]),
        Entry(
            name: "resourcequota-controller",
            rules: [
                rule(read, ["*"], ["*"]), rule(["update"], [""], ["resourcequotas/status"]), events,
            ]),
        Entry(
            name: "root-ca-cert-publisher",
            rules: [
                rule(read + ["create", "update"], [""], ["configmaps"]), rule(read, [""], ["namespaces"]),
                events,
            ]),
        Entry(
            name: "certificate-controller",
            rules: [
                rule(read + ["delete"], ["certificates.k8s.io"], ["certificatesigningrequests"]),
                rule(
                    ["update", "patch"], ["certificates.k8s.io"],
                    ["certificatesigningrequests/approval", "certificatesigningrequests/status"]),
                rule(["approve", "sign"], ["certificates.k8s.io"], ["signers"]),
                rule(read, [""], ["nodes"]),
                rule(["create"], ["authorization.k8s.io"], ["subjectaccessreviews"]),
                events,
            ]),
        Entry(
            name: "clusterrole-aggregation-controller",
            rules: [
                rule(
                    read + ["escalate", "patch", "update"], ["rbac.authorization.k8s.io"], ["clusterroles"])
            ]),
        Entry(
            name: "event-expiry-controller", rules: [rule(read + ["delete"], [""], ["events"])]),
        Entry(
            name: "token-cleaner",
            rules: [rule(read + ["delete"], [""], ["secrets"]), events]),
        Entry(
            name: "manifest-controller", rules: [PolicyRule.everything]),
    ]

    private static func rule(_ verbs: [String], _ groups: [String], _ resources: [String]) -> PolicyRule {
        BootstrapRoles.rule(verbs, groups, resources)
    }
}
