internal import EdgeJSON
internal import EdgeTransport

/// Finds and reads kubeconfig files: `--kubeconfig`, else the list in `KUBECONFIG`, else the defaults.
struct KubeconfigLoader {
    let explicitPath: String
    let environment: KubectlEnvironment

    func load() throws -> KubeconfigFiles {
        if !explicitPath.isEmpty {
            guard HostFiles.exists(explicitPath) else {
                // A change may make the file; a request needs it.
                return KubeconfigFiles(files: [], defaultPath: explicitPath)
            }
            return KubeconfigFiles(files: [try read(explicitPath)], defaultPath: explicitPath)
        }
        let paths = candidates
        let existing = paths.filter(HostFiles.exists)
        return KubeconfigFiles(
            files: try existing.map(read), defaultPath: existing.first ?? paths.last ?? "config")
    }

    private var candidates: [String] {
        if let list = environment.variables["KUBECONFIG"], !list.isEmpty {
            return list.split(separator: ":").map(String.init)
        }
        let home = environment.variables["HOME"].map { "\($0)/.kube/config" }
        let defaults =
            environment.defaultKubeconfigs.isEmpty
            ? [home].compactMap { $0 } : environment.defaultKubeconfigs
        return Array((defaults.filter(HostFiles.exists) + [home].compactMap { $0 }).prefix(1))
    }

    private func read(_ path: String) throws -> KubeconfigFiles.File {
        do {
            let value = try YAML.parse(try HostFiles.read(path)).first ?? .null
            guard !value.isNull else { return KubeconfigFiles.File(path: path, value: KubeconfigFiles.empty) }
            _ = try Kubeconfig(value)
            return KubeconfigFiles.File(path: path, value: value)
        } catch let error as HostError {
            throw KubectlError("error loading config file \(goQuoted(path)): \(error)")
        } catch {
            throw KubectlError("error loading config file \(goQuoted(path)): \(error)")
        }
    }
}
