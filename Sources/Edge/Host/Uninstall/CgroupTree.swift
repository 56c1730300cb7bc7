internal import EdgeSystem

/// A directory of a cgroup hierarchy with all groups below it, by its path: an uninstall may run in another group
/// than the edge that made it did.
enum CgroupTree {
    /// Groups below and the group itself, innermost first.
    static func groups(_ root: String) -> [String] {
        let children = ((try? Directory.names(root)) ?? []).filter { name in
            (try? FileStatus(of: "\(root)/\(name)"))?.kind == .directory
        }
        return children.flatMap { groups("\(root)/\($0)") } + [root]
    }

    static func processes(_ root: String) -> [Int32] {
        groups(root).flatMap { group in
            ((try? File.readText("\(group)/cgroup.procs")) ?? "").split(separator: "\n").compactMap {
                Int32($0)
            }
        }
    }

    /// Kills until nobody is left, for some seconds at most: a process may fork meanwhile, or hang in the kernel.
    static func end(_ root: String) throws {
        guard File.exists(root) else { return }
        var left: [Int32] = []
        for attempt in 0..<200 {
            left = processes(root)
            if left.isEmpty { return }
            for process in left { try? Signal.send(Signal.kill, to: process) }
            SystemClock.pause(milliseconds: min(50, 2 + attempt))
        }
        throw ControlError(.refused, "processes do not end: \(left.map(String.init).joined(separator: ", "))")
    }

    /// A process that has just ended may hold its group for some milliseconds.
    static func remove(_ root: String) throws {
        for group in groups(root) {
            for attempt in 0... {
                do throws(SystemError) {
                    try Directory.removeEmpty(group)
                    break
                } catch {
                    guard error.errno == .busy, attempt < 10 else { throw error }
                    SystemClock.pause(milliseconds: 1 << attempt)
                }
            }
        }
    }
}
