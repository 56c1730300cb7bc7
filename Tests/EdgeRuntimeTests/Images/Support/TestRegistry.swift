import Glibc

@testable import EdgeRuntime

/// Debian's docker-registry on a port of the loopback interface.
final class TestRegistry {
    enum Security { case plain, tls, tlsAndPassword }

    let port: Int
    let directory: TestDirectory
    private let process: pid_t

    var host: String { "localhost:\(port)" }
    var caFile: String { directory.path + "/ca.pem" }

    static let user = "edge"
    static let password = "s3cret"
    private static let passwordFile = "edge:$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK\n"

    init(_ security: Security = .plain) throws {
        directory = TestDirectory()
        port = TestProcess.freePort()
        var lines = [
            "version: 0.1", "log: {level: error}", "storage:",
            "  filesystem: {rootdirectory: \(directory.path)/data}", "http:",
            "  addr: 127.0.0.1:\(port)",
        ]
        if security != .plain {
            try Self.makeCertificates(directory.path)
            lines += [
                "  tls:", "    certificate: \(directory.path)/server.pem",
                "    key: \(directory.path)/server.key",
            ]
        }
        if security == .tlsAndPassword {
            let file = directory.file("htpasswd", Array(Self.passwordFile.utf8))
            lines += ["auth:", "  htpasswd: {realm: test, path: \(file)}"]
        }
        let config = directory.file("config.yml", Array(lines.joined(separator: "\n").utf8))
        process = try TestProcess.start(
            ["docker-registry", "serve", config], output: directory.path + "/registry.log")
        for _ in 0..<500 {
            if TestProcess.canConnect(port) { return }
            usleep(20_000)
        }
        throw TestProcess.Failure(
            description: "docker-registry: \(TestDirectory.text(directory.path + "/registry.log"))")
    }

    deinit {
        TestProcess.stop(process)
    }

    private static func makeCertificates(_ path: String) throws {
        try TestProcess.run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2",
            "-subj", "/CN=test ca", "-keyout", "\(path)/ca.key", "-out", "\(path)/ca.pem")
        try TestProcess.run(
            "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=registry", "-keyout", "\(path)/server.key", "-out", "\(path)/server.csr")
        let extensions = "\(path)/extensions"
        let descriptor = open(extensions, O_WRONLY | O_CREAT, 0o600)
        let text = "subjectAltName=DNS:localhost,IP:127.0.0.1\n"
        write(descriptor, text, text.utf8.count)
        close(descriptor)
        try TestProcess.run(
            "openssl", "x509", "-req", "-days", "2", "-in", "\(path)/server.csr", "-CA", "\(path)/ca.pem",
            "-CAkey", "\(path)/ca.key", "-CAcreateserial", "-extfile", extensions, "-out",
            "\(path)/server.pem")
    }

    /// Uploads with skopeo.
    func push(_ source: String, _ name: String, all: Bool = false) throws {
        var arguments = ["skopeo", "copy", "-q", "--dest-tls-verify=false"]
        arguments += ["--dest-creds", "\(Self.user):\(Self.password)"]
        if all { arguments.append("--all") }
        let output = directory.path + "/push.log"
        let pid = try TestProcess.start(
            arguments + [source, "docker://127.0.0.1:\(port)/\(name)"], output: output)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw TestProcess.Failure(description: TestDirectory.text(output)) }
    }
}
