/// Prometheus' text format, version 0.0.4: families in the order in which they were begun, each with its samples.
public struct MetricsText: Sendable {
    public typealias Label = (name: String, value: String)

    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private var families: [(name: String, type: String)] = []
    private var samples: [String: String] = [:]

    public init() {}

    /// - Parameter type: `counter`, `gauge` or `histogram`.
    public mutating func family(_ name: String, _ type: String) {
        guard samples[name] == nil else { return }
        families.append((name, type))
        samples[name] = ""
    }

    public mutating func sample(_ name: String, _ labels: [Label], _ value: Double) {
        append(family: name, name, labels, Self.number(value))
    }

    public mutating func sample(_ name: String, _ labels: [Label], _ value: some BinaryInteger) {
        append(family: name, name, labels, "\(value)")
    }

    /// A family of one sample.
    public mutating func gauge(_ name: String, _ value: Double) {
        family(name, "gauge")
        sample(name, [], value)
    }

    public mutating func counter(_ name: String, _ value: Double) {
        family(name, "counter")
        sample(name, [], value)
    }

    /// The series of one histogram: cumulative buckets, sum and count.
    public mutating func histogram(_ name: String, _ labels: [Label], _ histogram: Histogram) {
        var total: UInt64 = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            total += UInt64(count)
            append(family: name, "\(name)_bucket", labels + [("le", Self.number(bound))], "\(total)")
        }
        total += UInt64(histogram.counts[histogram.bounds.count])
        append(family: name, "\(name)_bucket", labels + [("le", "+Inf")], "\(total)")
        append(family: name, "\(name)_sum", labels, Self.number(histogram.sum))
        append(family: name, "\(name)_count", labels, "\(total)")
    }

    public var text: String {
        families.map { "# TYPE \($0.name) \($0.type)\n" + (samples[$0.name] ?? "") }.joined()
    }

    private mutating func append(family: String, _ name: String, _ labels: [Label], _ value: String) {
        var line = name
        if !labels.isEmpty {
            line += "{"
            for (index, label) in labels.enumerated() {
                if index > 0 { line += "," }
                line += "\(label.name)=\"\(Self.escaped(label.value))\""
            }
            line += "}"
        }
        samples[family, default: ""] += "\(line) \(value)\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x5C, 0x0A].contains($0) }) else { return text }
        return text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}
