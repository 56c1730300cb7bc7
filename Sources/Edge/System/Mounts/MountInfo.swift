/// One line of /proc/PID/mountinfo (proc(5)).
public struct MountInfo: Sendable, Equatable {
    public let id: Int
    public let parent: Int
    /// `major:minor`.
    public let device: String
    /// What of the file system is mounted: `/`, or the directory of a bind mount.
    public let root: String
    public let mountPoint: String
    public let options: [String]
    /// The peer group of a shared mount, and the group that a slave receives from.
    public let sharedGroup: Int?
    public let masterGroup: Int?
    public let type: String
    public let source: String
    public let superOptions: [String]

    /// Nil for a line of another form.
    public init?(line: some StringProtocol) {
        let fields: [Substring] = Substring(line).split(separator: " ")
        guard fields.count >= 9, let dash = fields.dropFirst(6).firstIndex(of: "-"),
            fields.count >= dash + 4, let id = Int(fields[0]), let parent = Int(fields[1])
        else { return nil }
        self.id = id
        self.parent = parent
        device = String(fields[2])
        root = Self.unescaped(fields[3])
        mountPoint = Self.unescaped(fields[4])
        options = fields[5].split(separator: ",").map(String.init)
        sharedGroup = Self.tag("shared:", fields[6..<dash])
        masterGroup = Self.tag("master:", fields[6..<dash])
        type = String(fields[dash + 1])
        source = Self.unescaped(fields[dash + 2])
        superOptions = fields[dash + 3].split(separator: ",").map(String.init)
    }

    public static func parse(_ text: String) -> [MountInfo] {
        text.split(separator: "\n").compactMap { MountInfo(line: $0) }
    }

    /// The mounts that this process sees.
    public static func current() throws(SystemError) -> [MountInfo] {
        parse(try File.readText("/proc/self/mountinfo"))
    }

    /// The mount that a path lies on: the last of the longest mount points above it.
    public static func containing(_ path: String, in mounts: [MountInfo]) -> MountInfo? {
        mounts.filter { mount in
            mount.mountPoint == "/" || path == mount.mountPoint || path.hasPrefix(mount.mountPoint + "/")
        }.max { $0.mountPoint.utf8.count < $1.mountPoint.utf8.count }
    }

    private static func tag(_ name: String, _ fields: ArraySlice<Substring>) -> Int? {
        fields.first { $0.hasPrefix(name) }.flatMap { Int($0.dropFirst(name.count)) }
    }

    /// Blanks and backslashes stand as `\040` and the like.
    private static func unescaped(_ field: Substring) -> String {
        let bytes = Array(field.utf8)
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(field) }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let digits = bytes[index...].dropFirst().prefix(3)
            let isEscape =
                bytes[index] == UInt8(ascii: "\\") && digits.count == 3
                && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
            if isEscape {
                let value = digits.reduce(0) { $0 * 8 + Int($1 - UInt8(ascii: "0")) }
                result.append(UInt8(truncatingIfNeeded: value))
            } else {
                result.append(bytes[index])
            }
            index += isEscape ? 4 : 1
        }
        return String(decoding: result, as: UTF8.self)
    }
}
