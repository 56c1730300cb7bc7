internal import EdgeBase
internal import EdgeTransport
internal import NIOCore

/// The address of this host that others reach it at, when nobody says: that of the interface with the default
/// route, else the first that is neither loopback nor link-local.
enum HostAddress {
    static func detect() throws -> IPAddress? {
        let devices = try System.enumerateDevices().compactMap {
            device -> (name: String, address: IPAddress)? in
            guard let address = device.address?.ipAddress.flatMap({ IPAddress($0) }), !address.isLoopback,
                !address.isLinkLocal
            else { return nil }
            return (device.name, address)
        }
        let ordered = devices.filter(\.address.isIPv4) + devices.filter { !$0.address.isIPv4 }
        if let interface = try defaultInterface(), let found = ordered.first(where: { $0.name == interface })
        {
            return found.address
        }
        return ordered.first?.address
    }

    /// From /proc/net/route: the interface of the route to 0.0.0.0 with the lowest metric (proc(5)).
    private static func defaultInterface() throws -> String? {
        guard let table = try SmallFile.readTextIfPresent("/proc/net/route") else { return nil }
        let routes = table.split(separator: "\n").dropFirst().map { $0.split(whereSeparator: \.isWhitespace) }
        let defaults = routes.filter { $0.count > 7 && $0[1] == "00000000" && $0[7] == "00000000" }
        return defaults.min { (Int($0[6]) ?? 0) < (Int($1[6]) ?? 0) }.map { String($0[0]) }
    }
}
