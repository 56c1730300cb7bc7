internal import CEdgeLinux

/// Extended attributes of a path; a link is itself.
public enum ExtendedAttribute {
    /// Nil where the file or its file system has no such attribute.
    public static func get(_ name: String, of path: String) throws(SystemError) -> [UInt8]? {
        var value = [UInt8](repeating: 0, count: 256)
        while true {
            let count = value.withUnsafeMutableBytes {
                edge_get_xattr(path, name, $0.baseAddress, $0.count)
            }
            if count >= 0 { return Array(value[..<count]) }
            let errno = Errno(rawValue: Int32(-count))
            if errno == .noData || errno == .notSupported { return nil }
            guard errno == .outOfRange, value.count < 65536 else {
                throw SystemError("read attribute \(name) of", path, errno)
            }
            value = [UInt8](repeating: 0, count: value.count * 16)
        }
    }

    public static func set(_ name: String, of path: String, to value: [UInt8]) throws(SystemError) {
        let result = value.withUnsafeBytes { edge_set_xattr(path, name, $0.baseAddress, $0.count) }
        try check(result, "write attribute \(name) of", path)
    }

    public static func names(of path: String) throws(SystemError) -> [String] {
        var list = [CChar](repeating: 0, count: 65536)
        let count = try check(edge_list_xattr(path, &list, list.count), "list attributes of", path)
        return list[..<Int(count)].split(separator: 0).map { name in
            String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
