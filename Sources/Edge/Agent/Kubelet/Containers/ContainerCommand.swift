internal import EdgeAPI

/// What a container runs: Kubernetes' rules for command, args, the image's entrypoint and its command.
enum ContainerCommand {
    static func arguments(of container: Container, image: ImageForContainer, environment: [String: String])
        -> [String]
    {
        let command = container.command.map { VariableExpansion.expand($0, environment) }
        let args = container.args.map { VariableExpansion.expand($0, environment) }
        if !command.isEmpty { return command + args }
        // Own arguments take the place of the image's command.
        return image.entrypoint + (args.isEmpty ? image.command : args)
    }

    /// Names such as `SIGTERM` or `TERM`, or a number; nil for what no signal is.
    static func signal(_ text: String) -> Int32? {
        if let number = Int32(text) { return (1...64).contains(number) ? number : nil }
        let upper = text.uppercased()
        let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
        if let number = signals[name] { return number }
        // SIGRTMIN is 34 for programs of glibc and musl alike as far as stop signals go.
        if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) {
            return 34 + offset
        }
        return nil
    }

    private static let signals: [String: Int32] = [
        "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9,
        "USR1": 10, "SEGV": 11, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "STKFLT": 16, "CHLD": 17,
        "CONT": 18, "STOP": 19, "TSTP": 20, "TTIN": 21, "TTOU": 22, "URG": 23, "XCPU": 24, "XFSZ": 25,
        "VTALRM": 26, "PROF": 27, "WINCH": 28, "IO": 29, "PWR": 30, "SYS": 31, "RTMIN": 34, "RTMAX": 64,
    ]
}
