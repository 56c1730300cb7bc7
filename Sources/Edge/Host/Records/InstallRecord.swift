internal import EdgeSystem

/// What install.sh has made, one `key=value` a line in `/etc/edge/install`; a key may stand several times.
public struct InstallRecord: Sendable, Equatable {
    public enum ServiceManager: String, Sendable {
        case systemd, openrc, none
    }

    public static let path = "/etc/edge/install"

    public var binary: String?
    public var serviceManager: ServiceManager
    /// The service's name: `edge`.
    public var service: String
    /// Unit, init script, environment file, symbolic links, log: all that is removed as files.
    public var files: [String]
    /// Directories that were made, and go when they are empty.
    public var directories: [String]
    /// The command line that the service runs, without the program: `server`, ...
    public var arguments: [String]
    public var environmentFile: String?
    /// Of the process that starts edge again where there is no service manager.
    public var pidFile: String?

    /// Nil where edge was not installed by the script.
    public static func read(_ path: String = path) throws -> InstallRecord? {
        guard File.exists(path) else { return nil }
        return InstallRecord(text: try File.readText(path, limit: 1 << 20))
    }

    public init(text: String) {
        var values: [Substring: [String]] = [:]
        for line in text.split(separator: "\n") {
            guard line.first != "#", let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals], default: []].append(String(line[line.index(after: equals)...]))
        }
        binary = values["binary"]?.last
        serviceManager = values["service-manager"]?.last.flatMap { ServiceManager(rawValue: $0) } ?? .none
        service = values["service"]?.last ?? "edge"
        files = values["file"] ?? []
        directories = values["directory"] ?? []
        arguments = values["argument"] ?? []
        environmentFile = values["environment-file"]?.last
        pidFile = values["pid-file"]?.last
    }

    /// The variables that the service is started with, from `NAME=value` lines.
    public func environment() -> [String: String] {
        guard let environmentFile, let text = try? File.readText(environmentFile, limit: 1 << 20) else {
            return [:]
        }
        return Self.environment(text)
    }

    static func environment(_ text: String) -> [String: String] {
        var variables: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard line.first != "#", let equals = line.firstIndex(of: "=") else { continue }
            var value = line[line.index(after: equals)...]
            if value.count >= 2, let quote = value.first, quote == "'" || quote == "\"", value.last == quote {
                value = value.dropFirst().dropLast()
            }
            variables[String(line[..<equals])] = String(value)
        }
        return variables
    }
}
