internal import EdgeBase

/// The name servers of a `resolv.conf` (resolv.conf(5)).
struct ResolverFile: Hashable, Sendable {
    /// As many as are used at all; glibc takes three.
    static let maximumServers = 8

    var servers: [IPAddress] = []

    /// `excluded` are the addresses at which edge itself answers: to ask there would be a loop.
    init(_ text: String, excluding excluded: Set<IPAddress>) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count >= 2, words[0] == "nameserver", let address = IPAddress(String(words[1])),
                !excluded.contains(address), !servers.contains(address), servers.count < Self.maximumServers
            else { continue }
            servers.append(address)
        }
    }
}
