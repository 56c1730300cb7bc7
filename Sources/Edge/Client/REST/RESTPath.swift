/// Paths of the Kubernetes API.
public enum RESTPath {
    /// `/api/v1` or `/apis/<group>/<version>`.
    public static func root(group: String, version: String) -> String {
        group.isEmpty ? "/api/\(encode(version))" : "/apis/\(encode(group))/\(encode(version))"
    }

    /// The path of a resource's collection, or of one object or subresource of it. An empty namespace means
    /// a cluster-scoped resource, or all namespaces.
    public static func path(
        _ resource: APIResource, namespace: String = "", name: String? = nil, subresource: String? = nil
    ) -> String {
        var path = root(group: resource.group, version: resource.version)
        if resource.isNamespaced, !namespace.isEmpty { path += "/namespaces/\(encode(namespace))" }
        path += "/\(encode(resource.name))"
        if let name { path += "/\(encode(name))" }
        if let subresource {
            path += "/" + subresource.split(separator: "/").map { encode(String($0)) }.joined(separator: "/")
        }
        return path
    }

    /// Percent-encodes all but RFC 3986's unreserved characters.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                output.append(byte)
            default:
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xf)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
