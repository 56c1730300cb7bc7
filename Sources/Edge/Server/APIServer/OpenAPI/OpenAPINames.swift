/// The names that Kubernetes gives to definitions and operations.
enum OpenAPINames {
    private static let packages: [String: String] = [
        "meta.v1": "io.k8s.apimachinery.pkg.apis.meta.v1",
        "api.resource": "io.k8s.apimachinery.pkg.api.resource",
        "runtime": "io.k8s.apimachinery.pkg.runtime",
        "util.intstr": "io.k8s.apimachinery.pkg.util.intstr",
        "version": "io.k8s.apimachinery.pkg.version",
        "apiextensions.v1": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1",
        "apiregistration.v1": "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1",
    ]

    /// `core.v1.Pod` becomes `io.k8s.api.core.v1.Pod`.
    static func definition(_ type: String) -> String {
        guard let dot = type.lastIndex(of: ".") else { return type }
        let package = String(type[..<dot])
        return (packages[package] ?? "io.k8s.api.\(package)") + type[dot...]
    }

    /// A kind of a custom group: `stable.example.com`, `v1` and `CronTab` become
    /// `com.example.stable.v1.CronTab`.
    static func customDefinition(group: String, version: String, kind: String) -> String {
        let reversed = group.split(separator: ".").reversed().joined(separator: ".")
        return "\(reversed).\(version).\(kind)"
    }

    /// `rbac.authorization.k8s.io` and `v1` become `RbacAuthorizationV1`.
    static func operation(group: String, version: String) -> String {
        words(group).map(capitalized).joined() + capitalized(version)
    }

    /// `rbacAuthorization_v1`
    static func tag(group: String, version: String) -> String {
        let words = words(group)
        return (words[0] + words.dropFirst().map(capitalized).joined()) + "_" + version
    }

    private static func words(_ group: String) -> [String] {
        if group.isEmpty { return ["core"] }
        let short = group.hasSuffix(".k8s.io") ? group.dropLast(7) : group[...]
        return short.split { $0 == "." || $0 == "-" }.map(String.init)
    }

    static func capitalized(_ text: some StringProtocol) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}
