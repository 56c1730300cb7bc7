/// Aligns tab-separated cells: consecutive lines that have a cell in a column share its width. This is Go's
/// text/tabwriter as kubectl uses it, so that the output has the same columns.
struct TabWriter {
    let minimumWidth: Int
    let padding: Int
    /// Columns once written keep their width in later flushes, so that a watch stays aligned.
    let remembersWidths: Bool
    private var remembered: [Int] = []
    private var lines: [[Substring]] = []

    /// The settings of `kubectl get`.
    static func forTables() -> TabWriter { TabWriter(minimumWidth: 6, padding: 3, remembersWidths: true) }
    /// The settings of `kubectl describe`.
    static func forDescription() -> TabWriter { TabWriter(minimumWidth: 0, padding: 2) }

    init(minimumWidth: Int, padding: Int, remembersWidths: Bool = false) {
        self.minimumWidth = minimumWidth
        self.padding = padding
        self.remembersWidths = remembersWidths
    }

    /// Adds one line without its newline.
    mutating func add(_ line: String) {
        for part in line.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(part.split(separator: "\t", omittingEmptySubsequences: false))
        }
    }

    mutating func add(cells: [String]) {
        lines.append(cells.map { $0[...] })
    }

    mutating func forgetWidths() { remembered = [] }

    /// The aligned text of what was added since the last flush.
    mutating func flush() -> String {
        var formatter = Formatter(
            lines: lines, minimumWidth: minimumWidth, padding: padding, remembers: remembersWidths,
            remembered: remembered)
        formatter.format(0..<lines.count)
        lines = []
        remembered = formatter.remembered
        return formatter.output
    }

    private struct Formatter {
        let lines: [[Substring]]
        let minimumWidth: Int
        let padding: Int
        let remembers: Bool
        var remembered: [Int]
        var widths: [Int] = []
        var output = ""

        mutating func format(_ range: Range<Int>) {
            let column = widths.count
            var unwritten = range.lowerBound
            var index = range.lowerBound
            while index < range.upperBound {
                guard column < lines[index].count - 1 else {
                    index += 1
                    continue
                }
                write(unwritten..<index)
                let start = index
                var width = column < remembered.count ? max(minimumWidth, remembered[column]) : minimumWidth
                while index < range.upperBound, column < lines[index].count - 1 {
                    let cell = lines[index][column].unicodeScalars.count
                    width = max(width, cell + padding)
                    index += 1
                }
                if remembers, column == remembered.count {
                    remembered.append(width)
                } else if remembers, column < remembered.count {
                    remembered[column] = width
                }
                widths.append(width)
                format(start..<index)
                widths.removeLast()
                unwritten = index
            }
            write(unwritten..<range.upperBound)
        }

        private mutating func write(_ range: Range<Int>) {
            for index in range {
                for (column, cell) in lines[index].enumerated() {
                    output += cell
                    if column < widths.count {
                        let missing = widths[column] - cell.unicodeScalars.count
                        if missing > 0 { output += String(repeating: " ", count: missing) }
                    }
                }
                output += "\n"
            }
        }
    }
}
