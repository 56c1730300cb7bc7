internal import EdgeSystem

/// A user as the kernel knows it.
struct ResolvedUser: Sendable, Equatable {
    var uid: UInt32 = 0
    var gid: UInt32 = 0
    /// Supplemental groups, in ascending order.
    var groups: [UInt32] = []
    /// From the image's passwd file; nil when it does not know the user.
    var home: String?
}

extension ResolvedUser {
    /// The rules of containerd: numbers from the pod count before the image's names; a number need not be in the
    /// passwd file, a name must; the primary group comes from there unless given.
    static func resolve(_ selection: UserSelection, passwd: [PasswdEntry], groups: [GroupEntry])
        throws(RuntimeError) -> ResolvedUser
    {
        let parts = selection.name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let userName = selection.uid.map(String.init) ?? parts.first.map(String.init) ?? ""
        var user = ResolvedUser()
        var entry: PasswdEntry?
        if let uid = UInt32(userName.isEmpty ? "0" : userName) {
            entry = passwd.first { $0.uid == uid }
            user.uid = uid
        } else {
            entry = passwd.first { $0.name == userName }
            guard let entry else {
                throw RuntimeError(
                    .invalidArgument, "unable to find user \(userName): no matching entries in passwd file")
            }
            user.uid = entry.uid
        }
        user.gid = entry?.gid ?? 0
        user.home = entry?.home
        if let gid = selection.gid {
            user.gid = gid
        } else if selection.uid == nil, parts.count == 2 {
            user.gid = try groupID(String(parts[1]), groups)
        }
        user.groups = supplemental(selection, user: user, name: entry?.name, groups: groups)
        return user
    }

    private static func groupID(_ name: String, _ groups: [GroupEntry]) throws(RuntimeError) -> UInt32 {
        if let number = UInt32(name) { return number }
        guard let entry = groups.first(where: { $0.name == name }) else {
            throw RuntimeError(
                .invalidArgument, "unable to find group \(name): no matching entries in group file")
        }
        return entry.gid
    }

    /// The primary group is among them, as in containerd, so that dropping it does not lose access.
    private static func supplemental(
        _ selection: UserSelection, user: ResolvedUser, name: String?, groups: [GroupEntry]
    ) -> [UInt32] {
        var all = Set(selection.supplementalGroups).union([user.gid])
        if selection.policy == .merge, let name {
            all.formUnion(groups.filter { $0.members.contains(name) }.map(\.gid))
        }
        return all.sorted()
    }
}

/// Reads the account files of a root file system that is not mounted: from its layers, the topmost first.
struct AccountFiles {
    let passwd: [PasswdEntry]
    let groups: [GroupEntry]

    init(of root: RootFileSystem) throws(RuntimeError) {
        do throws(SystemError) {
            passwd = PasswdEntry.parse(try Self.read("etc/passwd", root))
            groups = GroupEntry.parse(try Self.read("etc/group", root))
        } catch {
            throw RuntimeError(.internalError, "read accounts of the image: \(error)")
        }
    }

    private static func read(_ path: String, _ root: RootFileSystem) throws(SystemError) -> String {
        let layers =
            switch root {
            case .directory(let directory): [directory]
            case .layers(let layers): Array(layers.reversed())
            }
        for layer in layers {
            if let text = try read(path, layer) { return text }
            if try hides(path, layer) { break }
        }
        return ""
    }

    /// Nil where the layer has no such file.
    private static func read(_ path: String, _ layer: String) throws(SystemError) -> String? {
        do throws(SystemError) {
            // Non-blocking: the image might hold a pipe there.
            let file = try ContainedPath.open(path, inRoot: layer, options: [.nonBlocking])
            let status = try FileStatus(of: file.rawValue)
            guard status.kind == .regular else { return status.kind == .characterDevice ? "" : nil }
            return String(decoding: try File.read(file.rawValue, limit: 4 << 20, name: path), as: UTF8.self)
        } catch {
            // A whiteout is a device that no driver serves.
            if [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) { return nil }
            if error.errno == .noDriver || error.errno == .noDevice { return "" }
            throw error
        }
    }

    /// Whether lower layers do not show through: the directory is opaque, or itself deleted.
    private static func hides(_ path: String, _ layer: String) throws(SystemError) -> Bool {
        let directory = "\(layer)/\(path.prefix { $0 != "/" })"
        guard let status = try? FileStatus(of: directory) else { return false }
        if status.kind != .directory { return true }
        return try ExtendedAttribute.get("trusted.overlay.opaque", of: directory) == [UInt8(ascii: "y")]
    }
}
