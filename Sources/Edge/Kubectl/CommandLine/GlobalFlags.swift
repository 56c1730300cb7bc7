/// The flags that every command takes.
enum GlobalFlags {
    static let specs: [FlagSpec] = [
        FlagSpec("as", nil, .string, "Username to impersonate for the operation."),
        FlagSpec("as-group", nil, .stringArray, "Group to impersonate; may be repeated."),
        FlagSpec("as-uid", nil, .string, "UID to impersonate for the operation."),
        FlagSpec("cache-dir", nil, .string, "Accepted for compatibility: discovery is not cached on disk."),
        FlagSpec("certificate-authority", nil, .string, "File with the certificates that sign the server's."),
        FlagSpec("client-certificate", nil, .string, "File with the client certificate."),
        FlagSpec("client-key", nil, .string, "File with the client certificate's key."),
        FlagSpec("cluster", nil, .string, "Cluster of the kubeconfig to use."),
        FlagSpec("context", nil, .string, "Context of the kubeconfig to use."),
        FlagSpec(
            "disable-compression", nil, .bool, "Accepted for compatibility: responses are not compressed."),
        FlagSpec("insecure-skip-tls-verify", nil, .bool, "Do not check the server's certificate."),
        FlagSpec("kubeconfig", nil, .string, "Kubeconfig file to use."),
        FlagSpec("match-server-version", nil, .bool, "Require the server to have the client's version."),
        FlagSpec("namespace", "n", .string, "Namespace of this request."),
        FlagSpec("password", nil, .string, "Password for basic authentication."),
        FlagSpec(
            "request-timeout", nil, .string, default: "0", "How long one request may take: 10s; 0 for ever."),
        FlagSpec("server", "s", .string, "Address of the API server."),
        FlagSpec("tls-server-name", nil, .string, "Name to check the server's certificate for."),
        FlagSpec("token", nil, .string, "Bearer token."),
        FlagSpec("user", nil, .string, "User of the kubeconfig to use."),
        FlagSpec("username", nil, .string, "Username for basic authentication."),
        FlagSpec("v", "v", .int, default: "0", "Verbosity of the log."),
        FlagSpec("warnings-as-errors", nil, .bool, "Exit with an error when the server sends warnings."),
        .refused("profile", nil, .string, "profiling is not built in"),
        .refused("profile-output", nil, .string, "profiling is not built in"),
        .refused("log-flush-frequency", nil, .string, "there is no buffered log"),
        .refused("vmodule", nil, .string, "the log has no modules"),
        .refused("kuberc", nil, .string, "preference files are not read"),
    ]
}
