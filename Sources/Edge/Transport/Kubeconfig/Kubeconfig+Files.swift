public import EdgeJSON

extension Kubeconfig {
    /// The files that kubectl reads: the flag's alone, else those of `KUBECONFIG`, else `~/.kube/config`.
    public static func paths(flag: String?, variable: String?, home: String?) -> [String] {
        if let flag, !flag.isEmpty { return [flag] }
        if let variable, !variable.isEmpty {
            return variable.split(separator: ":").map(String.init)
        }
        return home.map { ["\($0)/.kube/config"] } ?? []
    }

    /// Reads and merges files. Missing ones are skipped, unless `isRequired`.
    ///
    /// - Parameter parse: turns YAML or JSON text into a value.
    public static func load(
        _ paths: [String], isRequired: Bool = false, parse: ([UInt8]) throws -> JSONValue
    ) throws -> Kubeconfig {
        var config = Kubeconfig()
        for path in paths {
            let bytes: [UInt8]
            do throws(FileError) {
                bytes = try SmallFile.read(path)
            } catch {
                if error.isMissing, !isRequired { continue }
                throw error
            }
            do {
                config.merge(try Kubeconfig(try parse(bytes), directory: SmallFile.directory(of: path)))
            } catch {
                throw KubeconfigError("\(path): \(error)")
            }
        }
        return config
    }

    /// Writes a file that only its owner can read.
    public func save(_ path: String, mode: UInt32 = 0o600, write: (JSONValue) throws -> String) throws {
        try SmallFile.makeDirectory(SmallFile.directory(of: path), mode: 0o755)
        try SmallFile.write(try write(value), to: path, mode: mode)
    }
}
