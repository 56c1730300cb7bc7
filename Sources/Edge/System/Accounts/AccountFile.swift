/// One line of a passwd file.
public struct PasswdEntry: Sendable, Equatable {
    public let name: String
    public let uid: UInt32
    public let gid: UInt32
    public let home: String
    public let shell: String

    /// Lines of another form are left out, as the C library does.
    public static func parse(_ text: String) -> [PasswdEntry] {
        records(text, fields: 7).compactMap { fields in
            guard let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) else { return nil }
            return PasswdEntry(
                name: String(fields[0]), uid: uid, gid: gid, home: String(fields[5]), shell: String(fields[6])
            )
        }
    }
}

/// One line of a group file.
public struct GroupEntry: Sendable, Equatable {
    public let name: String
    public let gid: UInt32
    public let members: [String]

    public static func parse(_ text: String) -> [GroupEntry] {
        records(text, fields: 4).compactMap { fields in
            guard let gid = UInt32(fields[2]) else { return nil }
            return GroupEntry(
                name: String(fields[0]), gid: gid, members: fields[3].split(separator: ",").map(String.init))
        }
    }
}

private func records(_ text: String, fields count: Int) -> [[Substring]] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
        guard line.first != "#" else { return nil }
        var fields = line.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count >= count - 1, !fields[0].isEmpty else { return nil }
        while fields.count < count { fields.append("") }
        return fields
    }
}
