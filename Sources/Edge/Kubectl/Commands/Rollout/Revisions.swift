internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// Earlier versions of a workload: the ReplicaSets of a Deployment, the ControllerRevisions of a DaemonSet or
/// StatefulSet.
struct Revision: Sendable {
    let number: Int
    let object: APIObject
    let changeCause: String
    /// The pod template, where it can be told.
    let template: JSONValue?

    private static let annotation = "deployment.kubernetes.io/revision"

    static func all(of info: ResourceInfo, _ session: Session) async throws -> [Revision] {
        let owner = info.content
        let isDeployment = owner.kind == "Deployment"
        guard isDeployment || ["DaemonSet", "StatefulSet"].contains(owner.kind) else {
            let group = info.resource.group
            let kind = group.isEmpty ? owner.kind : "\(owner.kind).\(group)"
            throw KubectlError("no history viewer has been implemented for \(goQuoted(kind))")
        }
        let resource = try APIResource.builtIn(
            apiVersion: "apps/v1", kind: isDeployment ? "ReplicaSet" : "ControllerRevision")
        let selector = try LabelSelectorText.text(owner[path: "spec", "selector"])
        let found = try await session.resources()
            .list(resource, .init(namespace: info.namespace, labelSelector: selector)).objects
        let owned = found.filter { $0.controllerReference?.uid == owner.uid }
        return owned.compactMap { object in
            let number =
                isDeployment
                ? object[annotation: annotation].flatMap { Int($0) } ?? 0
                : object["revision"]?.int.map { Int($0) } ?? 0
            guard number > 0 else { return nil }
            return Revision(
                number: number, object: object,
                changeCause: object[annotation: "kubernetes.io/change-cause"] ?? "",
                template: isDeployment
                    ? object[path: "spec", "template"] : object[path: "data", "spec", "template"])
        }.sorted { $0.number < $1.number }
    }
}
