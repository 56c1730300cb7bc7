internal import EdgeSystem

/// The files of one log on disk: `0.log`, which is written, and `0.log.1`, `0.log.2` and so on, which are older.
struct LogFiles {
    let path: String

    /// An open file of the log, known by its inode: it may be renamed while it is read.
    final class Cursor {
        let file: SharedDescriptor
        let inode: UInt64
        var offset: Int64

        init(_ file: SharedDescriptor, inode: UInt64, offset: Int64) {
            self.file = file
            self.inode = inode
            self.offset = offset
        }
    }

    private func numbered(_ number: Int) -> String {
        number == 0 ? path : "\(path).\(number)"
    }

    private func open(_ number: Int) -> Cursor? {
        guard let file = try? File.open(numbered(number)), let status = try? FileStatus(of: file.rawValue)
        else {
            return nil
        }
        return Cursor(SharedDescriptor(file), inode: status.inode, offset: 0)
    }

    /// The number of the oldest file that is there; nil without any.
    private var oldest: Int? {
        var number = File.exists(path) ? 0 : nil
        var next = 1
        while File.exists(numbered(next)) {
            number = next
            next += 1
        }
        return number
    }

    /// Where reading begins: at the oldest file's start, or so many lines before the end of the newest.
    func start(tailLines: Int?) throws(SystemError) -> Cursor? {
        guard let oldest else { return nil }
        guard let tailLines else { return open(oldest) }
        var missing = tailLines
        var cursor: Cursor?
        for number in 0...oldest {
            guard let file = open(number) else { continue }
            cursor = file
            let found = try Tail.find(lines: missing, in: file.file.rawValue, name: numbered(number))
            file.offset = found.offset
            missing -= found.lines
            if missing <= 0 { break }
        }
        return cursor
    }

    /// The next bytes; nil at the end of all files for now.
    func read(_ cursor: inout Cursor?) throws(SystemError) -> [UInt8]? {
        if cursor == nil { cursor = open(0) }
        while let current = cursor {
            if let bytes = try Tail.read(current.file.rawValue, at: current.offset, count: 65536) {
                current.offset += Int64(bytes.count)
                return bytes
            }
            guard let next = successor(of: current) else { return nil }
            // What was written between the end that was seen and the rotation.
            if let bytes = try Tail.read(current.file.rawValue, at: current.offset, count: 65536) {
                current.offset += Int64(bytes.count)
                return bytes
            }
            cursor = next
        }
        return nil
    }

    /// The file that was begun when `cursor`'s was put aside; nil while that is still the newest.
    private func successor(of cursor: Cursor) -> Cursor? {
        guard let oldest else { return nil }
        for number in 0...oldest where (try? FileStatus(of: numbered(number)))?.inode == cursor.inode {
            return number == 0 ? nil : open(number - 1)
        }
        // Deleted meanwhile: everything that is left is newer.
        return open(oldest)
    }
}
