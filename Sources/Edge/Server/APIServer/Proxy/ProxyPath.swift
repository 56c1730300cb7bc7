internal import EdgeTransport

/// The address behind a proxy subresource, and how links of the other side are led back through it.
struct ProxyPath {
    /// The path at the other side, still encoded; empty when the address ends with the subresource itself.
    let target: String
    /// What stands before it: `/api/v1/namespaces/default/services/web/proxy`.
    let prefix: String

    /// - Parameter remainder: how many segments follow the subresource.
    init(path: String, segments: Int, remainder: Int) {
        var rest = path[...]
        for _ in 0..<(segments - remainder) {
            rest = rest.drop { $0 == "/" }
            rest = rest.drop { $0 != "/" }
        }
        target = String(rest)
        prefix = String(path[..<rest.startIndex])
    }

    /// A `Location` of the other side as the client has to follow it. What leads to another host, and what is
    /// relative, stays as it is.
    func location(_ location: String, host: String) -> String {
        var path = location[...]
        if let range = location.range(ofScheme: ["http://", "https://"]) {
            let rest = location[range...]
            let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            guard authority == host else { return location }
            path = rest.dropFirst(authority.count)
        } else if location.hasPrefix("//") {
            return location
        }
        guard path.hasPrefix("/") else { return location }
        return path.hasPrefix(prefix) ? String(path) : prefix + path
    }
}

extension String {
    /// Where the text goes on behind one of these beginnings.
    fileprivate func range(ofScheme schemes: [String]) -> Index? {
        for scheme in schemes where lowercased().hasPrefix(scheme) {
            return index(startIndex, offsetBy: scheme.count)
        }
        return nil
    }
}
