internal import ArgumentParser
internal import EdgeJSON
import FoundationEssentials

/// Puts the flags of the configuration files and of the environment in front of those of the command line.
enum ConfiguredArguments {
    static func expand(
        _ arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> [String] {
        guard let name = arguments.first,
            let command = EdgeCommand.configuration.subcommands.first(where: {
                $0.configuration.commandName == name
            }),
            configurable.contains(name)
        else { return arguments }
        let configured = try ConfigurationFile.arguments(
            environment: environment, flags: try flags(of: command))
        return [name] + configured + arguments.dropFirst()
    }

    /// The commands that read the configuration.
    private static let configurable: Set<String> = ["server", "agent"]

    /// The long names of a command's flags, with whether they take a value.
    private static func flags(of command: any ParsableCommand.Type) throws -> [String: Bool] {
        let description = try JSONValue(parsing: command._dumpHelp())
        var flags: [String: Bool] = [:]
        for argument in description["command"]?["arguments"]?.array ?? [] {
            for name in argument["names"]?.array ?? [] where name["kind"]?.string == "long" {
                flags[name["name"]?.string ?? ""] = argument["kind"]?.string == "option"
            }
        }
        flags["help"] = nil
        return flags
    }
}
