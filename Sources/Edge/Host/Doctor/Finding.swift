/// What the doctor says of one thing.
public struct Finding: Sendable, Equatable {
    public enum Level: String, Sendable, Comparable {
        case ok = "OK"
        /// edge runs, but something will be missing or may go wrong.
        case warning = "warn"
        /// edge cannot run.
        case failure = "fail"

        private var rank: Int { self == .ok ? 0 : self == .warning ? 1 : 2 }

        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    }

    /// What `edge doctor --fix` can do itself.
    public enum Repair: Sendable, Equatable {
        /// Adds words to the kernel's command line in this file; a reboot makes them count.
        case kernelArguments(file: String, words: [String])
    }

    public let level: Level
    public let subject: String
    public let text: String
    /// What the user can do.
    public let fix: String?
    public let repair: Repair?

    public init(
        _ level: Level, _ subject: String, _ text: String, fix: String? = nil, repair: Repair? = nil
    ) {
        self.level = level
        self.subject = subject
        self.text = text
        self.fix = fix
        self.repair = repair
    }

    /// `OK    cgroups: version 2`; the fix on a line of its own.
    public var lines: [String] {
        let head = level.rawValue.padded(to: 6) + "\(subject): \(text)"
        return fix.map { [head, "      fix: \($0)"] } ?? [head]
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}
