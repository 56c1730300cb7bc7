/// Names in the run directory, which lies in memory and is empty after a boot:
///
///     <run>/lock                           held by the edge that owns the directory
///     <run>/root/                          where containers hang their root, each in its own namespace
///     <run>/sandboxes/<sandbox>/           mode 0700
///         sandbox.json                     what the pod is
///         helper.sock                      the helper's socket
///         shm/                             the pod's /dev/shm
///         <container>.json                 what a container is
///         <container>.exit                 how it ended, written by the helper
///
/// and, on disk because it holds what containers write:
///
///     <containers>/<container>/upper/, work/
struct RunDirectory: Sendable {
    let path: String
    let containers: String

    var mountPoint: String { path + "/root" }
    var sandboxes: String { path + "/sandboxes" }

    func sandbox(_ id: String) -> String { "\(sandboxes)/\(id)" }
    func sandboxRecord(_ id: String) -> String { "\(sandbox(id))/sandbox.json" }
    func socket(_ id: String) -> String { "\(sandbox(id))/helper.sock" }
    func sharedMemory(_ id: String) -> String { "\(sandbox(id))/shm" }
    func containerRecord(_ id: String, in sandbox: String) -> String { "\(self.sandbox(sandbox))/\(id).json" }
    func containerExit(_ id: String, in sandbox: String) -> String { "\(self.sandbox(sandbox))/\(id).exit" }
    func container(_ id: String) -> String { "\(containers)/\(id)" }
    func upper(_ id: String) -> String { "\(container(id))/upper" }
    func work(_ id: String) -> String { "\(container(id))/work" }
}
