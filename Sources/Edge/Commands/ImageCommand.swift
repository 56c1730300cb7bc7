internal import ArgumentParser
internal import EdgeHost
internal import EdgeJSON
internal import FoundationEssentials

/// Commands on the images of this host. A running edge carries them out; without one, what needs no knowledge of
/// the pods is done here.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Import, pull, list and remove the images of this host.",
        subcommands: [Import.self, Pull.self, List.self, Remove.self, Prune.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Import archives (docker save, OCI layout; plain, gzip or zstd) and pin their images.")

        @OptionGroup var host: HostOptions
        @Argument(help: "The archives.") var files: [String]

        func run() async throws {
            let directory = FileManager.default.currentDirectoryPath
            let paths = files.map { $0.hasPrefix("/") ? $0 : "\(directory)/\($0)" }
            try await ImageAction(host, "import", paths).run { ImageCommand.printName($0) }
        }
    }

    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pull", abstract: "Pull images, by what registries.yaml says.")

        @OptionGroup var host: HostOptions
        @Argument(help: "The images.") var images: [String]

        func run() async throws {
            try await ImageAction(host, "pull", images).run { ImageCommand.printName($0) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ls", abstract: "List the images of this host.", aliases: ["list"])

        @OptionGroup var host: HostOptions

        @Flag(name: [.customLong("quiet"), .customShort("q")], help: "Show identifiers only.")
        var quiet = false

        func run() async throws {
            var rows = [["IMAGE", "ID", "SIZE", "PINNED"]]
            try await ImageAction(host, "ls", []).run { image in
                let id = image["id"]?.string ?? ""
                if quiet { return HostSetup.writeLine(id) }
                let names = image["tags"]?.strings ?? []
                let short = String(id.drop { $0 != ":" }.dropFirst().prefix(12))
                for name in names.isEmpty ? ["<none>"] : names {
                    rows.append([
                        name, short, ImageCommand.size(image["size"]?.int ?? 0),
                        image["pinned"]?.bool == true ? "yes" : "",
                    ])
                }
            }
            if quiet { return }
            let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
            for row in rows {
                let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
                var line = cells.joined(separator: "  ")
                while line.last == " " { line.removeLast() }
                HostSetup.writeLine(line)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Remove images, by name or identifier.", aliases: ["remove"])

        @OptionGroup var host: HostOptions
        @Argument(help: "The images.") var images: [String]

        func run() async throws {
            try await ImageAction(host, "rm", images).run { ImageCommand.printName($0) }
        }
    }

    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prune", abstract: "Remove images that no pod uses and that are not pinned.")

        @OptionGroup var host: HostOptions

        func run() async throws {
            let end = try await ImageAction(host, "prune", []).run { ImageCommand.printName($0) }
            HostSetup.writeLine("freed \(ImageCommand.size(end["freed"]?.int ?? 0))")
        }
    }

    private static func printName(_ image: JSONValue) {
        let name = image["name"]?.string ?? image["tags"]?.strings.first
        HostSetup.writeLine(name ?? image["id"]?.string ?? "")
    }

    static func size(_ bytes: Int64) -> String {
        if bytes < 1_000_000 { return "\((bytes + 999) / 1000) kB" }
        let tenths = (bytes + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}
