internal import EdgeBase
internal import EdgeJSON
internal import EdgeTransport

/// The administrator's kubeconfig: a client certificate of `system:masters`, and the way to the server.
enum AdminKubeconfig {
    static func write(
        to path: String, mode: UInt32, server: String, pki: ClusterPKI, now: Timestamp
    ) throws {
        let admin = try pki.ensureLeaf(
            "client-admin", .client("system:admin", organizations: ["system:masters"]), by: pki.client,
            now: now)
        let document: JSONValue = [
            "apiVersion": "v1", "kind": "Config",
            "clusters": [
                [
                    "name": "default",
                    "cluster": [
                        "server": .string(server),
                        "certificate-authority-data": .string(base64(pki.server.certificate)),
                    ],
                ]
            ],
            "contexts": [["name": "default", "context": ["cluster": "default", "user": "default"]]],
            "current-context": "default",
            "users": [
                [
                    "name": "default",
                    "user": [
                        "client-certificate-data": .string(base64(admin.certificate)),
                        "client-key-data": .string(base64(admin.privateKey)),
                    ],
                ]
            ],
        ]
        let text = String(decoding: YAML.write(document), as: UTF8.self)
        if try SmallFile.readTextIfPresent(path) != text { try SmallFile.write(text, to: path, mode: mode) }
    }

    private static func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }
}
