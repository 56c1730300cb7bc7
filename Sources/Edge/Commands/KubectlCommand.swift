internal import EdgeKubectl

/// `edge kubectl ...`, and edge under the name `kubectl`: the arguments are kubectl's own and not touched here.
enum KubectlCommand {
    /// What follows the name, when this process was called as kubectl.
    static func arguments(of commandLine: [String]) -> [String]? {
        guard let program = commandLine.first else { return nil }
        if program.split(separator: "/").last == "kubectl" { return Array(commandLine.dropFirst()) }
        return commandLine.dropFirst().first == "kubectl" ? Array(commandLine.dropFirst(2)) : nil
    }

    static func run(_ arguments: [String]) async -> Int32 {
        await kubectlMain(
            arguments: arguments,
            environment: .process(
                clientVersion: EdgeVersion.git, defaultKubeconfigs: [ServerOptions.defaultKubeconfig]))
    }
}
