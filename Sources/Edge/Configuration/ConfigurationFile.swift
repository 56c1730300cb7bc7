internal import EdgeJSON
internal import EdgeTransport
import FoundationEssentials

/// Flags from `/etc/edge/config.yaml`, `config.yaml.d/*.yaml` and the environment, as arguments that stand
/// before those of the command line, so that the command line wins.
enum ConfigurationFile {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let defaultPath = "/etc/edge/config.yaml"

    /// - Parameter flags: the long names that the command knows, with whether they take a value.
    static func arguments(
        environment: [String: String], flags: [String: Bool]
    ) throws -> [String] {
        let path = environment["EDGE_CONFIG_FILE"] ?? defaultPath
        var arguments: [String] = []
        for file in [path] + dropIns(beside: path) { arguments += try fileArguments(file, flags) }
        return arguments + environmentArguments(environment, flags)
    }

    private static func dropIns(beside path: String) -> [String] {
        let directory = path + ".d"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(directory)/\($0)" }
    }

    private static func fileArguments(_ path: String, _ flags: [String: Bool]) throws -> [String] {
        guard let text = try SmallFile.readTextIfPresent(path) else { return [] }
        let documents: [JSONValue]
        do { documents = try YAML.parse(text) } catch { throw Failure(description: "read \(path): \(error)") }
        guard let document = documents.first, !document.isNull else { return [] }
        guard let settings = document.object, documents.count == 1 else {
            throw Failure(description: "read \(path): it must be one map of flags")
        }
        var arguments: [String] = []
        for member in settings {
            guard let takesValue = flags[member.key] else {
                throw Failure(description: "read \(path): there is no flag \"\(member.key)\"")
            }
            let values = member.value.array ?? [member.value]
            for value in values {
                if takesValue {
                    arguments.append("--\(member.key)=\(try argumentText(of: value, path, member.key))")
                } else if value.bool == true {
                    arguments.append("--\(member.key)")
                }
            }
        }
        return arguments
    }

    private static func argumentText(of value: JSONValue, _ path: String, _ key: String) throws -> String {
        switch value {
        case .string(let text): return text
        case .int, .double, .bool: return value.description
        default:
            throw Failure(description: "read \(path): \"\(key)\" must be a plain value or a list of them")
        }
    }

    /// `EDGE_NODE_NAME` is `--node-name`; `EDGE_URL` is `--server`.
    private static func environmentArguments(
        _ environment: [String: String], _ flags: [String: Bool]
    ) -> [String] {
        var arguments: [String] = []
        for (flag, takesValue) in flags.sorted(by: { $0.key < $1.key }) {
            let name = "EDGE_" + flag.uppercased().replacing("-", with: "_")
            let value = environment[name] ?? (flag == "server" ? environment["EDGE_URL"] : nil)
            guard let value, !value.isEmpty else { continue }
            if takesValue {
                arguments.append("--\(flag)=\(value)")
            } else if value == "true" || value == "1" {
                arguments.append("--\(flag)")
            }
        }
        return arguments
    }
}
