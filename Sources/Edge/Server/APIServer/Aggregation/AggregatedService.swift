internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeTransport

/// A version of a group that another API server serves: an APIService with a Service.
struct AggregatedService: Sendable {
    let name: String
    let group: String
    let version: String
    let namespace: String
    let service: String
    let port: Int
    let destination: OutboundDestination
    let isAvailable: Bool

    /// Nil for a local one.
    init?(_ object: APIObject) {
        guard let reference = object[path: "spec", "service"], !reference.isNull else { return nil }
        let spec = object["spec"] ?? .null
        name = object.name
        group = spec["group"]?.string ?? ""
        version = spec["version"]?.string ?? ""
        namespace = reference["namespace"]?.string ?? ""
        service = reference["name"]?.string ?? ""
        port = reference["port"]?.int.map { Int($0) } ?? 443
        let isInsecure = spec["insecureSkipTLSVerify"]?.bool ?? false
        destination = OutboundDestination(
            place: .service(namespace: namespace, name: service, port: port),
            trust: isInsecure ? .anybody : OutboundDestination.Trust(bundle: spec["caBundle"]),
            showsIdentity: true)
        isAvailable = (object[path: "status", "conditions"]?.array ?? []).contains {
            $0["type"] == "Available" && $0["status"] == "True"
        }
    }

    func url(_ target: String) -> HTTPURL {
        HTTPURL(isEncrypted: true, host: "\(service).\(namespace).svc", port: port, target: target)
    }

    /// Where its resources are: `/apis/<group>/<version>`.
    var path: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }
}

/// How the server behind learns who asks (the request-header authentication of Kubernetes).
extension UserInfo {
    var forwardedFields: HTTPHeaders {
        var headers: HTTPHeaders = ["X-Remote-User": name]
        if !uid.isEmpty { headers.add("X-Remote-Uid", uid) }
        for group in groups { headers.add("X-Remote-Group", group) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            for value in values { headers.add("X-Remote-Extra-\(Self.escaped(key))", value) }
        }
        return headers
    }

    /// A key as a part of a field's name: what may not stand there, and the percent sign, is percent-encoded.
    private static func escaped(_ key: String) -> String {
        let others = Set("!#$&'*+-.^_`|~".utf8)
        var text = ""
        for byte in key.lowercased().utf8 {
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || others.contains(byte)
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
