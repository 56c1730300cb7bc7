internal import EdgeBase
internal import EdgeClient
import FoundationEssentials
internal import Glibc

/// `edge kubectl ...`: the built-in kubectl on this process's terminal.
enum KubectlCommand {
    static func run(_ arguments: [String]) async -> Never {
        HostSetup.exit(withError: "kubectl is not linked yet")
    }
}
