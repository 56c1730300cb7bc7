extension HTTPServerRequest {
    /// The same request for another path and query, as a proxy hands it on. Nil for a target that is none.
    public func retargeted(_ target: String) -> HTTPServerRequest? {
        guard let parsed = HTTPTarget(target) else { return nil }
        let head = HTTPRequestHead(
            method: head.method, rawTarget: target, target: parsed, minorVersion: head.minorVersion,
            fields: head.fields, framing: head.framing)
        return HTTPServerRequest(head: head, body: body, connection: connection)
    }
}
