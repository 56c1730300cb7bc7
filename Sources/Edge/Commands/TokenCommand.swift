internal import ArgumentParser
internal import EdgeJoin
internal import EdgeTransport

/// `edge token ...`: the bootstrap tokens that further hosts join with.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Manage the tokens that hosts join with.",
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenDeleteCommand.self])
}

struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token that a host can join with, and print it.")

    @OptionGroup var access: AdminAccess

    @Argument(help: "The token, <6>.<16> lower-case letters and digits; a random one when not given.")
    var token: String?

    @Option(help: "How long it is good for, such as 30m or 24h; 0 for always.")
    var ttl = "24h"

    @Option(help: "What it is for.")
    var description = ""

    func validate() throws {
        guard DurationText.parse(ttl) != nil else {
            throw ValidationError("--ttl must be a duration such as 24h, not \"\(ttl)\"")
        }
        if let token, BootstrapToken(token) == nil {
            throw ValidationError(
                "a token is six and sixteen lower-case letters or digits with a point between")
        }
    }

    func run() async throws {
        let life = DurationText.parse(ttl).flatMap { $0 > .zero ? $0 : nil }
        let made = try await access.tokens().create(
            token.flatMap { BootstrapToken($0) } ?? BootstrapToken(), life: life, description: description)
        HostSetup.writeLine(made.text)
    }
}

struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens, without their secrets.")

    @OptionGroup var access: AdminAccess

    func run() async throws {
        for line in TokenTable.lines(try await access.tokens().list(), now: access.now) {
            HostSetup.writeLine(line)
        }
    }
}

struct TokenDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete tokens; hosts that have joined stay.")

    @OptionGroup var access: AdminAccess

    @Argument(help: "The tokens or their ids.")
    var tokens: [String]

    func run() async throws {
        let present = try access.tokens()
        for token in tokens {
            let text = (try? JoinToken(parsing: token)).flatMap { parsed -> String? in
                if case .bootstrap(let token) = parsed.credential { token.id } else { nil }
            }
            let id = text ?? token
            try await present.delete(id: id)
            HostSetup.writeLine("token \"\(id)\" deleted")
        }
    }
}
