internal import ArgumentParser
internal import EdgeHost
internal import EdgeSystem
import FoundationEssentials

/// The flags by which a command finds the edge of this host. Without them it is the installed one, else the one
/// that the configuration file describes.
struct HostOptions: ParsableArguments {
    @Option(
        name: [.customLong("data-dir"), .customShort("d")],
        help: "Where edge keeps its state, when it is not the installed one.")
    var dataDir: String?

    @Option(help: "Where edge keeps what a reboot may lose, when it is not the installed one's.")
    var runDir: String?
}

/// An edge on this host: its directories, how it was installed, and how it is started.
struct HostLocation: Sendable {
    let layout: DataLayout
    /// Nil when the edge at these directories is not what install.sh has installed.
    let install: InstallRecord?
    /// The flags of the service, configuration files and environment included; empty where they cannot be known.
    let arguments: [String]
    let record: HostRecord?

    /// - Parameter service: the command of a service, instead of the installed one's.
    init(_ options: HostOptions, service: [String] = []) throws {
        let installed = try InstallRecord.read()
        let environment = Self.environment(of: installed)
        var arguments = service.isEmpty ? installed?.arguments ?? [] : service
        if arguments.isEmpty { arguments = ["server"] }
        // Flags that say everything make a broken configuration file harmless.
        if options.dataDir == nil || options.runDir == nil {
            arguments = try ConfiguredArguments.expand(arguments, environment: environment)
        }
        let defaults = NodeOptions.defaultDirectories
        let known = (
            data: Self.absolute(Self.value("data-dir", short: "-d", in: arguments) ?? defaults.data),
            run: Self.value("run-dir", in: arguments) ?? defaults.run
        )
        let data = Self.absolute(options.dataDir ?? known.data)
        record = try? HostRecord.read(dataDirectory: data)
        let run = options.runDir ?? record?.runDirectory ?? known.run
        layout = DataLayout(data: data, run: Self.absolute(run))
        install = data == known.data ? installed : nil
        self.arguments = data == known.data ? arguments : []
    }

    /// What the service is started with; what this process has comes first.
    static func environment(of install: InstallRecord?) -> [String: String] {
        ProcessInfo.processInfo.environment.merging(install?.environment() ?? [:]) { own, _ in own }
    }

    /// What a flag of the service says; the last one counts.
    func flag(_ name: String) -> String? {
        Self.value(name, in: arguments)
    }

    private static func value(_ name: String, short: String? = nil, in arguments: [String]) -> String? {
        var found: String?
        for (index, argument) in arguments.enumerated() {
            if argument.hasPrefix("--\(name)=") {
                found = String(argument.dropFirst(name.utf8.count + 3))
            } else if argument == "--\(name)" || argument == short, index + 1 < arguments.count {
                found = arguments[index + 1]
            }
        }
        return found
    }

    private static func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
        let trimmed = whole.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
        return "/" + trimmed.joined(separator: "/")
    }

    /// Whether a process holds the run directory, and which.
    var runningProcess: Int32? {
        do throws(SystemError) {
            guard File.exists(layout.pidFile) else { return nil }
            _ = try FileLock(layout.pidFile, patience: 0)
            return nil
        } catch {
            guard error.errno == .again, let text = try? File.readText(layout.pidFile) else { return nil }
            return Int32(text.prefix { $0.isNumber })
        }
    }
}
