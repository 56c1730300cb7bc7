/// The text that `kubectl describe` builds: lines of tab-separated cells at levels of indentation.
struct Description {
    private var writer = TabWriter.forDescription()
    private var partial = ""
    private var finished = ""
    private let isAligned: Bool

    /// - Parameter isAligned: false leaves the tabs as they are.
    init(isAligned: Bool = true) {
        self.isAligned = isAligned
    }

    /// A line at a level, each two spaces deep.
    mutating func line(_ level: Int = 0, _ text: String) {
        write(String(repeating: "  ", count: level) + text + "\n")
    }

    /// `Name:` and its value in the next column.
    mutating func field(_ level: Int = 0, _ name: String, _ value: String) {
        line(level, "\(name):\t\(value)")
    }

    /// The field if there is a value.
    mutating func fieldIfPresent(_ level: Int = 0, _ name: String, _ value: String?) {
        if let value, !value.isEmpty { field(level, name, value) }
    }

    /// Text that need not be whole lines.
    mutating func write(_ text: String) {
        guard isAligned else { return finished += text }
        partial += text
        while let end = partial.firstIndex(of: "\n") {
            writer.add(String(partial[..<end]))
            partial = String(partial[partial.index(after: end)...])
        }
    }

    /// What follows is aligned by itself.
    mutating func endAlignment() {
        if !partial.isEmpty { writer.add(partial) }
        partial = ""
        finished += writer.flush()
    }

    /// The aligned text.
    func text() -> String {
        var copy = self
        copy.endAlignment()
        return copy.finished
    }
}
