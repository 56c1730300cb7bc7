/// Finds the command in a command line where flags may stand before it: `kubectl -n web get pods`.
enum CommandFinder {
    /// The command, its path, and the arguments without the words that named it.
    static func find(
        _ arguments: [String]
    ) throws(KubectlError) -> (spec: CommandSpec, path: String, rest: [String]) {
        var spec = CommandTable.root
        var path = "kubectl"
        var rest = arguments
        while !spec.subcommands.isEmpty, let index = firstWord(rest, flags: spec.flags + GlobalFlags.specs) {
            let word = rest[index]
            if spec.name == "kubectl", word == "help" {
                rest.remove(at: index)
                rest.append("--help")
                continue
            }
            guard let next = spec.subcommand(word) else {
                if spec.name == "kubectl" { throw unknown(word) }
                break
            }
            rest.remove(at: index)
            spec = next
            path += " \(next.name)"
        }
        return (spec, path, rest)
    }

    /// The place of the first argument that is neither a flag nor a flag's value.
    private static func firstWord(_ arguments: [String], flags: [FlagSpec]) -> Int? {
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if argument == "--" { return nil }
            guard argument.hasPrefix("-"), argument.count > 1 else { return index }
            index += takesNext(argument, flags) ? 2 : 1
        }
        return nil
    }

    private static func takesNext(_ argument: String, _ flags: [FlagSpec]) -> Bool {
        if argument.contains("=") { return false }
        if argument.hasPrefix("--") {
            let name = argument.dropFirst(2)
            return flags.first { $0.name == name }?.valueWhenBare == nil && flags.contains { $0.name == name }
        }
        // Joined short flags: only the last one can take the next argument, and only if none before did.
        for (offset, letter) in argument.dropFirst().enumerated() {
            guard let flag = flags.first(where: { $0.short == letter }) else { return false }
            if flag.valueWhenBare == nil { return offset == argument.count - 2 }
        }
        return false
    }

    private static func unknown(_ word: String) -> KubectlError {
        let names: [String] = CommandTable.root.subcommands.map { $0.name }
        let near = names.filter {
            distance($0, word) <= 2 || $0.hasPrefix(word.lowercased())
        }
        var text = "error: unknown command \(goQuoted(word)) for \"kubectl\""
        if !near.isEmpty { text += "\n\nDid you mean this?\n" + near.map { "\t\($0)\n" }.joined() }
        return .verbatim(text)
    }

    /// How many insertions, deletions and replacements lie between two words.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.lowercased())
        var row = Array(0...right.count)
        for (i, letter) in left.lowercased().enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let replaced = diagonal + (letter == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
