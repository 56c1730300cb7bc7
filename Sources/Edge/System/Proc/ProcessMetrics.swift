public import EdgeBase

extension MetricsText {
    /// The `process_` family of Prometheus' client libraries, from /proc/self.
    public mutating func writeProcess() {
        if let fields = (try? File.readText("/proc/self/stat"))?.split(separator: ")").last?.split(
            separator: " "),
            fields.count > 21
        {
            let ticks = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
            counter("process_cpu_seconds_total", ticks / 100)
            gauge("process_virtual_memory_bytes", Double(fields[20]) ?? 0)
            gauge("process_resident_memory_bytes", (Double(fields[21]) ?? 0) * Double(KernelProbe.pageSize))
            gauge("process_start_time_seconds", Self.bootTime + (Double(fields[19]) ?? 0) / 100)
        }
        if let files = try? Directory.names("/proc/self/fd") {
            gauge("process_open_fds", Double(files.count))
        }
        if let line = (try? File.readText("/proc/self/limits"))?.split(separator: "\n")
            .first(where: { $0.hasPrefix("Max open files") }),
            let soft = line.split(separator: " ").dropFirst(3).first.flatMap({ Double($0) })
        {
            gauge("process_max_fds", soft)
        }
    }

    /// Seconds since 1970 at which the host was booted.
    private static var bootTime: Double {
        let line = (try? File.readText("/proc/stat"))?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) } ?? 0
    }
}
