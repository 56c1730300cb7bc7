internal import EdgeNetlink

extension ServiceProxy {
    /// Tries whether the kernel takes the proxy's rules, in the configuration's namespace, which should be one that
    /// was made for this. Blocks the calling thread for some system calls.
    public static func probe(_ configuration: ProxyConfiguration) throws {
        let tables = try NFTablesClient(in: configuration.namespace)
        try tables.commit(RulesetBuilder(configuration: configuration).ruleset(ProxyState()).replacement())
    }
}
