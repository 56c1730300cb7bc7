internal import CEdgeLinux

/// One thing that a new process does to itself before it becomes the container's program. The order of the cases
/// is roughly the order in a plan; their meaning is described in edge_launch.h.
enum LaunchStep: Sendable, Equatable {
    case enterCgroup(tasksFile: String)
    case unshare(UInt32)
    case join(UInt32)
    case openBind(index: Int, source: String, subPath: String, flags: UInt32)
    case isolate
    case rootDirectory(mountPoint: String, directory: String)
    /// Layers with the topmost first.
    case rootOverlay(mountPoint: String, options: String, upper: String, work: String, layers: [String])
    case mount(type: String, source: String, target: String, flags: UInt64, data: String)
    case bind(index: Int, target: String, set: UInt32, flags: UInt32, propagation: UInt32)
    case device(path: String, mode: UInt32, major: UInt32, minor: UInt32)
    case hostDevices
    case symlink(path: String, contents: String)
    case mask(String)
    case readOnly(String)
    case directory(path: String, mode: UInt32)
    case pivot
    case readOnlyRoot
    case sysctl(name: String, value: String)
    case hostname(String)
    case loopback
    case sharePIDs
    case resourceLimit(ResourceLimit)
    case oomScore(Int)
    case terminal(columns: UInt32, rows: UInt32, isConsole: Bool)
    case boundingSet(CapabilitySet)
    case user(uid: UInt32, gid: UInt32, groups: [UInt32])
    case capabilities(effective: CapabilitySet, inheritable: CapabilitySet, ambient: CapabilitySet)
    case noNewPrivileges
    case seccomp([UInt8])
    case workingDirectory(String)
    case umask(UInt32)
    case execute(arguments: [String], environment: [String])
}

extension LaunchStep {
    /// A plan as C reads it.
    static func encode(_ steps: [LaunchStep]) -> [UInt8] {
        var writer = WireWriter()
        writer.append(UInt32(EDGE_PLAN_MAGIC))
        writer.append(UInt32(EDGE_PLAN_VERSION))
        for step in steps {
            writer.append(UInt32(step.code.rawValue))
            let sizeOffset = writer.bytes.count
            writer.append(UInt32(0))
            step.encodeFields(to: &writer)
            writer.patch(UInt32(writer.bytes.count - sizeOffset - 4), at: sizeOffset)
        }
        return writer.bytes
    }

    private var code: edge_step {
        switch self {
        case .enterCgroup: EDGE_STEP_ENTER_CGROUP
        case .unshare: EDGE_STEP_UNSHARE
        case .join: EDGE_STEP_JOIN
        case .openBind: EDGE_STEP_OPEN_BIND
        case .isolate: EDGE_STEP_ISOLATE
        case .rootDirectory: EDGE_STEP_ROOT_DIRECTORY
        case .rootOverlay: EDGE_STEP_ROOT_OVERLAY
        case .mount: EDGE_STEP_MOUNT
        case .bind: EDGE_STEP_BIND
        case .device: EDGE_STEP_DEVICE
        case .hostDevices: EDGE_STEP_HOST_DEVICES
        case .symlink: EDGE_STEP_SYMLINK
        case .mask: EDGE_STEP_MASK
        case .readOnly: EDGE_STEP_READONLY
        case .directory: EDGE_STEP_DIRECTORY
        case .pivot: EDGE_STEP_PIVOT
        case .readOnlyRoot: EDGE_STEP_READONLY_ROOT
        case .sysctl: EDGE_STEP_SYSCTL
        case .hostname: EDGE_STEP_HOSTNAME
        case .loopback: EDGE_STEP_LOOPBACK
        case .sharePIDs: EDGE_STEP_SHARE_PIDS
        case .resourceLimit: EDGE_STEP_RESOURCE_LIMIT
        case .oomScore: EDGE_STEP_OOM_SCORE
        case .terminal: EDGE_STEP_TERMINAL
        case .boundingSet: EDGE_STEP_BOUNDING_SET
        case .user: EDGE_STEP_USER
        case .capabilities: EDGE_STEP_CAPABILITIES
        case .noNewPrivileges: EDGE_STEP_NO_NEW_PRIVILEGES
        case .seccomp: EDGE_STEP_SECCOMP
        case .workingDirectory: EDGE_STEP_WORKING_DIRECTORY
        case .umask: EDGE_STEP_UMASK
        case .execute: EDGE_STEP_EXECUTE
        }
    }

    private func encodeFields(to writer: inout WireWriter) {
        switch self {
        case .isolate, .hostDevices, .pivot, .readOnlyRoot, .loopback, .sharePIDs, .noNewPrivileges:
            break
        case .enterCgroup(let text), .mask(let text), .readOnly(let text), .hostname(let text),
            .workingDirectory(let text):
            writer.append(text)
        case .unshare(let number), .join(let number), .umask(let number):
            writer.append(number)
        case .rootDirectory(let first, let second), .symlink(let first, let second),
            .sysctl(let first, let second):
            writer.append(first)
            writer.append(second)
        case .oomScore(let score):
            writer.append(String(score))
        case .directory(let path, let mode):
            writer.append(path)
            writer.append(mode)
        case .seccomp(let program):
            writer.append(blob: program)
        case .execute(let arguments, let environment):
            writer.append(arguments)
            writer.append(environment)
        case .openBind, .rootOverlay, .mount, .bind, .device:
            encodeFileFields(to: &writer)
        case .resourceLimit, .terminal, .boundingSet, .user, .capabilities:
            encodeProcessFields(to: &writer)
        }
    }

    private func encodeFileFields(to writer: inout WireWriter) {
        switch self {
        case .openBind(let index, let source, let subPath, let flags):
            writer.append(UInt32(index))
            writer.append(source)
            writer.append(subPath)
            writer.append(flags)
        case .rootOverlay(let mountPoint, let options, let upper, let work, let layers):
            for text in [mountPoint, options, upper, work] { writer.append(text) }
            writer.append(layers)
        case .mount(let type, let source, let target, let flags, let data):
            for text in [type, source, target] { writer.append(text) }
            writer.append(flags)
            writer.append(data)
        case .bind(let index, let target, let set, let flags, let propagation):
            writer.append(UInt32(index))
            writer.append(target)
            for number in [set, flags, propagation] { writer.append(number) }
        case .device(let path, let mode, let major, let minor):
            writer.append(path)
            for number in [mode, major, minor] { writer.append(number) }
        default:
            break
        }
    }

    private func encodeProcessFields(to writer: inout WireWriter) {
        switch self {
        case .resourceLimit(let limit):
            writer.append(limit.resource)
            writer.append(limit.soft)
            writer.append(limit.hard)
        case .terminal(let columns, let rows, let isConsole):
            for number in [columns, rows, isConsole ? 1 : 0] { writer.append(number) }
        case .boundingSet(let set):
            writer.append(set.rawValue)
        case .user(let uid, let gid, let groups):
            for number in [uid, gid, UInt32(groups.count)] + groups { writer.append(number) }
        case .capabilities(let effective, let inheritable, let ambient):
            for set in [effective, effective, inheritable, ambient] { writer.append(set.rawValue) }
        default:
            break
        }
    }
}
