internal import ArgumentParser
internal import EdgeClient
internal import EdgeJSON

/// `edge secrets-encrypt ...`: the encryption of Secrets on the disk, in k3s's words. Changes take effect at once, so the
/// restarts that k3s wants between the stages are not needed.
struct SecretsEncryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets-encrypt", abstract: "Control the encryption of Secrets at rest and its keys.",
        subcommands: [
            Status.self, Enable.self, Disable.self, Prepare.self, Rotate.self, Reencrypt.self,
            RotateKeys.self,
        ])

    private static let path = "/v1-edge/encrypt"

    static func order(
        _ action: String, _ access: AdminAccess, force: Bool = false, skip: Bool = false, done: String
    ) async throws {
        let order: JSONValue = ["action": .string(action), "force": .bool(force), "skip": .bool(skip)]
        _ = try await access.client().json("PUT", path, order)
        HostSetup.writeLine(done)
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Print whether Secrets are encrypted, and with which keys.")

        @OptionGroup var access: AdminAccess
        @Option(name: .shortAndLong, help: "text or json.") var output = "text"

        func run() async throws {
            let status = try await access.client().json("GET", SecretsEncryptCommand.path, nil)
            guard output != "json" else {
                HostSetup.writeLine(String(decoding: status.encoded, as: UTF8.self))
                return
            }
            guard status["configured"]?.bool == true else {
                HostSetup.writeLine("Encryption Status: Disabled, no configuration file found")
                return
            }
            HostSetup.writeLine(
                "Encryption Status: \(status["enabled"]?.bool == true ? "Enabled" : "Disabled")")
            HostSetup.writeLine("Current Rotation Stage: \(status["stage"]?.string ?? "start")")
            HostSetup.writeLine("Server Encryption Hashes: All hashes match\n")
            HostSetup.writeLine("Active  Key Type  Name")
            HostSetup.writeLine("------  --------  ----")
            for key in status["keys"]?.array ?? [] {
                let mark = key["active"]?.bool == true ? "*" : " "
                HostSetup.writeLine(
                    " \(mark)      \(key["type"]?.string ?? "")   \(key["name"]?.string ?? "")")
            }
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Encrypt Secrets that are written from now on.")

        @OptionGroup var access: AdminAccess

        func run() async throws {
            try await SecretsEncryptCommand.order("enable", access, done: "secrets-encryption enabled")
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "Write Secrets plain from now on; those that are encrypted still read.")

        @OptionGroup var access: AdminAccess

        func run() async throws {
            try await SecretsEncryptCommand.order("disable", access, done: "secrets-encryption disabled")
        }
    }

    struct Prepare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prepare", abstract: "Make a new key, which only reads as yet.")

        @OptionGroup var access: AdminAccess
        @Flag(name: .shortAndLong, help: "Whatever the stage.") var force = false

        func run() async throws {
            try await SecretsEncryptCommand.order(
                "prepare", access, force: force, done: "prepare completed successfully")
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Write with the new key from now on.")

        @OptionGroup var access: AdminAccess
        @Flag(name: .shortAndLong, help: "Whatever the stage.") var force = false

        func run() async throws {
            try await SecretsEncryptCommand.order(
                "rotate", access, force: force, done: "rotate completed successfully")
        }
    }

    struct Reencrypt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reencrypt", abstract: "Write all Secrets again and drop the old keys.")

        @OptionGroup var access: AdminAccess
        @Flag(name: .shortAndLong, help: "Whatever the stage.") var force = false
        @Flag(help: "Keep the old keys.") var skip = false

        func run() async throws {
            try await SecretsEncryptCommand.order(
                "reencrypt", access, force: force, skip: skip, done: "reencryption finished")
        }
    }

    struct RotateKeys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-keys", abstract: "Prepare, rotate and reencrypt in one.")

        @OptionGroup var access: AdminAccess

        func run() async throws {
            try await SecretsEncryptCommand.order(
                "rotate-keys", access, done: "keys rotated, reencryption finished")
        }
    }
}
