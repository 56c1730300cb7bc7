/// Kernel files of one `name value` pair per line: memory.stat, cpu.stat, /proc/meminfo, /proc/PID/status.
struct KeyedValues {
    private var values: [Substring: Substring] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            guard let end = line.firstIndex(where: { $0 == " " || $0 == ":" || $0 == "\t" }) else { continue }
            let value = line[end...].drop { $0 == " " || $0 == ":" || $0 == "\t" }
            values[line[..<end]] = value
        }
    }

    subscript(name: String) -> Substring? { values[name[...]] }

    /// The leading number; a unit behind it does not count.
    func number(_ name: String) -> UInt64? {
        self[name].flatMap { UInt64($0.prefix { $0.isNumber }) }
    }
}
