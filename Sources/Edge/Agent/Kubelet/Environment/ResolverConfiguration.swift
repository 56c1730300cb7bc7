internal import EdgeAPI
internal import EdgeBase

/// The contents of a resolv.conf(5).
struct ResolverConfiguration: Sendable, Equatable {
    var nameservers: [String] = []
    var searches: [String] = []
    var options: [String] = []

    init(nameservers: [String] = [], searches: [String] = [], options: [String] = []) {
        self.nameservers = nameservers
        self.searches = searches
        self.options = options
    }

    /// As the kubelet reads the host's: of several `search` and `options` lines the last one counts.
    init(parsing text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let keyword = fields.first else { continue }
            switch keyword {
            case "nameserver": if fields.count > 1 { nameservers.append(fields[1]) }
            case "search": searches = fields.dropFirst().map { $0 == "." ? $0 : Self.withoutDot($0) }
            case "options": options = Array(fields.dropFirst())
            default: break
            }
        }
    }

    private static func withoutDot(_ name: String) -> String {
        name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    var text: String {
        var lines: [String] = []
        if !searches.isEmpty { lines.append("search " + searches.joined(separator: " ")) }
        lines += nameservers.map { "nameserver \($0)" }
        if !options.isEmpty { lines.append("options " + options.joined(separator: " ")) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What a pod gets by its dnsPolicy and dnsConfig.
    static func forPod(_ pod: Pod, host: ResolverConfiguration, dns: IPAddress?, domain: String)
        -> ResolverConfiguration
    {
        let spec = pod.spec
        var result: ResolverConfiguration
        switch policy(spec, hasDNS: dns != nil) {
        case .none: result = ResolverConfiguration()
        case .host:
            result = host
            // A container that may use the host's loopback only by the host's network cannot ask 127.0.0.53.
            if result.nameservers.isEmpty { result.nameservers = ["127.0.0.1"] }
        case .cluster:
            result = ResolverConfiguration(
                nameservers: dns.map { [$0.description] } ?? [],
                searches: unique(
                    ["\(pod.namespace).svc.\(domain)", "svc.\(domain)", domain] + host.searches),
                options: ["ndots:5"])
        }
        if let config = spec.dnsConfig { result.merge(config) }
        return result.limited()
    }

    private enum Policy { case none, host, cluster }

    private static func policy(_ spec: PodSpec, hasDNS: Bool) -> Policy {
        switch spec.dnsPolicy {
        case "None": .none
        case "Default": .host
        case "ClusterFirstWithHostNet": hasDNS ? .cluster : .host
        default: spec.hostNetwork || !hasDNS ? .host : .cluster
        }
    }

    private mutating func merge(_ config: PodDNSConfig) {
        nameservers = Self.unique(nameservers + config.nameservers)
        searches = Self.unique(searches + config.searches)
        for option in config.options {
            options.removeAll { $0 == option.name || $0.hasPrefix(option.name + ":") }
            options.append(
                option.value.map { $0.isEmpty ? option.name : "\(option.name):\($0)" } ?? option.name)
        }
    }

    /// glibc takes three name servers; Kubernetes allows 32 search domains with 2048 characters.
    private func limited() -> ResolverConfiguration {
        var result = self
        result.nameservers = Array(nameservers.prefix(3))
        result.searches = Array(searches.prefix(32))
        while result.searches.joined(separator: " ").utf8.count > 2048 { result.searches.removeLast() }
        return result
    }

    private static func unique(_ list: [String]) -> [String] {
        var seen: Set<String> = []
        return list.filter { seen.insert($0).inserted }
    }
}
