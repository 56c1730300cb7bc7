/// Which form of discovery a client asks for.
enum DiscoveryFormat {
    /// `v2` or `v2beta1` when the Accept header prefers an aggregated document, nil for the plain ones.
    static func aggregatedVersion(accept header: String?) -> String? {
        guard let header else { return nil }
        for part in header.split(separator: ",") {
            let pieces = part.split(separator: ";").map(\.trimmingBlanks)
            guard pieces.first == "application/json" else { continue }
            var parameters: [Substring: Substring] = [:]
            for piece in pieces.dropFirst() {
                let pair = piece.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { parameters[pair[0]] = pair[1] }
            }
            guard let form = parameters["as"] else { return nil }
            guard form == "APIGroupDiscoveryList", parameters["g"] == "apidiscovery.k8s.io",
                let version = parameters["v"], version == "v2" || version == "v2beta1"
            else { continue }
            return String(version)
        }
        return nil
    }

    static func contentType(_ version: String) -> String {
        "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
    }
}
