internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Who may do what.
extension TableLayouts {
    static let access: [String: [TableColumn]] = [
        "roles.rbac.authorization.k8s.io": [.objectName, .createdAt],
        "clusterroles.rbac.authorization.k8s.io": [.objectName, .createdAt],
        "rolebindings.rbac.authorization.k8s.io": bindingColumns,
        "clusterrolebindings.rbac.authorization.k8s.io": bindingColumns,
        "certificatesigningrequests.certificates.k8s.io": [
            .objectName,
            .age,
            .text("SignerName", CertificateSigningRequest.self) { $0.spec.signerName },
            .text("Requestor", CertificateSigningRequest.self) { $0.spec.username },
            .text("RequestedDuration", CertificateSigningRequest.self) { request in
                guard let seconds = request.spec.expirationSeconds else { return "<none>" }
                return HumanDuration.text(.seconds(seconds))
            },
            .text("Condition", CertificateSigningRequest.self) { requestCondition($0) },
        ],
        "poddisruptionbudgets.policy": [
            .objectName,
            .text("Min Available", PodDisruptionBudget.self) { $0.spec.minAvailable?.description ?? "N/A" },
            .text("Max Unavailable", PodDisruptionBudget.self) {
                $0.spec.maxUnavailable?.description ?? "N/A"
            },
            .number("Allowed Disruptions", PodDisruptionBudget.self) { $0.status.disruptionsAllowed },
            .age,
        ],
    ]

    private static let bindingColumns: [TableColumn] = [
        .objectName,
        .text("Role") { object in
            let reference = RoleRef(object["roleRef"] ?? .null)
            return "\(reference.kind)/\(reference.name)"
        },
        .age,
        .text("Users", priority: 1) { subjects($0, "User").map(\.name).joined(separator: ", ") },
        .text("Groups", priority: 1) { subjects($0, "Group").map(\.name).joined(separator: ", ") },
        .text("ServiceAccounts", priority: 1) { object in
            subjects(object, "ServiceAccount").map { "\($0.namespace)/\($0.name)" }.joined(separator: ", ")
        },
    ]

    private static func subjects(_ object: APIObject, _ kind: String) -> [Subject] {
        object["subjects"].views(of: Subject.self).filter { $0.kind == kind }
    }

    private static func requestCondition(_ request: CertificateSigningRequest) -> String {
        let status = request.status
        var words = [
            status.condition("Denied") != nil
                ? "Denied" : status.condition("Approved") != nil ? "Approved" : "Pending"
        ]
        if status.condition("Failed") != nil { words.append("Failed") }
        if !status.certificate.isEmpty { words.append("Issued") }
        return words.joined(separator: ",")
    }
}
