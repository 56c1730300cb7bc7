/// Who makes a request: the result of authentication, the input of authorization, admission and audit.
public struct UserInfo: Sendable, Hashable {
    public var name: String
    public var uid: String
    public var groups: [String]
    public var extra: [String: [String]]

    public init(name: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.name = name
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// Kubernetes' well-known names.
    public enum Group {
        public static let masters = "system:masters"
        public static let authenticated = "system:authenticated"
        public static let unauthenticated = "system:unauthenticated"
        public static let nodes = "system:nodes"
        public static let bootstrappers = "system:bootstrappers"
        public static let serviceAccounts = "system:serviceaccounts"
    }

    public static let anonymous = UserInfo(name: "system:anonymous", groups: [Group.unauthenticated])

    /// A built-in controller's own ServiceAccount in kube-system, such as `deployment-controller`.
    public static func controller(_ name: String) -> UserInfo {
        serviceAccount(namespace: "kube-system", name: name, uid: "")
    }

    public static func serviceAccount(namespace: String, name: String, uid: String) -> UserInfo {
        UserInfo(
            name: "system:serviceaccount:\(namespace):\(name)", uid: uid,
            groups: [Group.serviceAccounts, "\(Group.serviceAccounts):\(namespace)", Group.authenticated])
    }

    /// The API server's own actions, such as making the `kubernetes` Service.
    public static let apiServer = UserInfo(
        name: "system:apiserver", groups: [Group.masters, Group.authenticated])

    public func isMember(of group: String) -> Bool { groups.contains(group) }

    /// The node's name when this is a kubelet's identity.
    public var nodeName: String? {
        let prefix = "system:node:"
        guard name.hasPrefix(prefix), isMember(of: Group.nodes) else { return nil }
        return String(name.dropFirst(prefix.count))
    }
}
