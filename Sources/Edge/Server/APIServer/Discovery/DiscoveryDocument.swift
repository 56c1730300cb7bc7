internal import EdgeBase
internal import EdgeJSON
internal import EdgeTransport

/// One path's documents in the forms that clients ask for.
struct DiscoveryDocument: Sendable {
    private struct Form: Sendable {
        let contentType: String
        let bytes: [UInt8]
        let tag: String

        init(_ contentType: String, _ value: JSONValue) {
            self.contentType = contentType
            bytes = value.encoded
            tag = "\"\(Fingerprint.text(of: bytes))\""
        }
    }

    private let legacy: Form
    /// By version of apidiscovery.k8s.io.
    private let aggregated: [String: Form]

    static func legacy(_ value: JSONValue) -> Self {
        Self(legacy: value, aggregated: nil)
    }

    init(legacy: JSONValue, aggregated groups: [DiscoveryGroup]?) {
        self.legacy = Form("application/json", legacy)
        var forms: [String: Form] = [:]
        for version in groups == nil ? [] : ["v2", "v2beta1"] {
            let type = "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
            forms[version] = Form(type, AggregatedDiscovery.list(groups ?? [], version: version))
        }
        aggregated = forms
    }

    func response(accept: String?, ifNoneMatch: String?) -> HTTPServerResponse {
        let form = form(accept)
        var headers: HTTPHeaders = ["Content-Type": form.contentType, "ETag": form.tag]
        headers.add("Vary", "Accept")
        if ifNoneMatch == form.tag { return HTTPServerResponse(304, headers: headers) }
        return HTTPServerResponse(200, headers: headers, body: .bytes(form.bytes))
    }

    /// The first form in the Accept header that there is.
    private func form(_ accept: String?) -> Form {
        for part in (accept ?? "").split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.trimmingBlanks }
            guard pieces.first == "application/json" || pieces.first == "*/*" else { continue }
            guard pieces.contains("as=APIGroupDiscoveryList") else { return legacy }
            for (version, form) in aggregated where pieces.contains("v=\(version)") { return form }
        }
        return legacy
    }
}

/// A short hash for ETags and document addresses; no protection against intent.
enum Fingerprint {
    /// FNV-1a in 64 bits, as upper-case hexadecimal digits.
    static func text(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16, uppercase: true)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
