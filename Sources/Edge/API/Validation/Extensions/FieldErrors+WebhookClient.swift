internal import EdgeJSON

extension FieldErrors {
    private static let form = "; desired format: https://host[/path]"

    /// How a webhook is reached: by an address or by a Service.
    mutating func checkWebhookClient(_ client: JSONValue, _ path: FieldPath) {
        let url = client["url"]?.string
        let service = client["service"]
        guard (url == nil) != (service == nil) else {
            required(path, "exactly one of url or service is required")
            return
        }
        if let url { checkWebhookURL(url, path["url"]) }
        if let service { checkWebhookService(service, path["service"]) }
    }

    private mutating func checkWebhookURL(_ url: String, _ path: FieldPath) {
        guard URIFormat.isRequestURI(url), let colon = url.firstIndex(of: ":") else {
            if url.contains(":") || url.contains(" ") {
                required(path, "url must be a valid URL: parse \(url.goQuoted): invalid URI\(Self.form)")
            } else {
                invalid(path, "", "'https' is the only allowed URL scheme\(Self.form)")
                invalid(path, "", "host must be provided\(Self.form)")
            }
            return
        }
        let scheme = url[..<colon].lowercased()
        if scheme != "https" {
            invalid(path, scheme, "'https' is the only allowed URL scheme\(Self.form)")
        }
        let rest = url[url.index(after: colon)...].drop { $0 == "/" }
        let authority = rest.prefix { !"/?#".contains($0) }
        let tail = rest.dropFirst(authority.count)
        let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
        if parts.last?.isEmpty ?? true { invalid(path, "", "host must be provided\(Self.form)") }
        if parts.count > 1 {
            invalid(path, String(parts[0]), "user information is not permitted in the URL")
        }
        let pieces = tail.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        if pieces.count > 1, !pieces[1].isEmpty {
            invalid(path, String(pieces[1]), "fragments are not permitted in the URL")
        }
        let query = (pieces.first ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        if query.count > 1, !query[1].isEmpty {
            invalid(path, String(query[1]), "query parameters are not permitted in the URL")
        }
    }

    private mutating func checkWebhookService(_ service: JSONValue, _ path: FieldPath) {
        if service["name"].text.isEmpty { required(path["name"], "service name is required") }
        if service["namespace"].text.isEmpty { required(path["namespace"], "service namespace is required") }
        let port = service["port"].number ?? 443
        let problems = Names.port(port)
        if !problems.isEmpty {
            invalid(path["port"], port, "port is not valid: " + problems.joined(separator: ", "))
        }
        checkWebhookPath(service["path"].text, path["path"])
    }

    private mutating func checkWebhookPath(_ text: String, _ path: FieldPath) {
        guard !text.isEmpty, text != "/" else { return }
        guard text != "//" else {
            invalid(path, text, "segment[0] may not be empty")
            return
        }
        if !text.hasPrefix("/") { invalid(path, text, "must start with a '/'") }
        var rest = text.dropFirst()
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        for (index, step) in rest.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            if step.isEmpty {
                invalid(path, text, "segment[\(index)] may not be empty")
                continue
            }
            for message in Names.subdomain(String(step)) {
                invalid(path, text, "segment[\(index)]: \(message)")
            }
        }
    }
}
