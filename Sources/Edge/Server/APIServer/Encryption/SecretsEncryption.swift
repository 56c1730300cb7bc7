internal import Crypto
public import EdgeBase
internal import EdgeJSON
public import EdgeStorage
internal import EdgeTransport
internal import Synchronization

/// Encrypts Secrets on their way to the disk. In memory they are plain, since they are served from there.
///
/// A row is `k8s:enc:aesgcm:v1:<key>:` and nonce, ciphertext and tag, bound to the object's namespace and name: rows
/// that were swapped or changed do not read.
public final class SecretsEncryption: ValueTransformer {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// k3s's stages of a change of keys.
    enum Stage: String {
        case start
        case prepare
        case rotate
        case reencryptFinished = "reencrypt_finished"
    }

    private struct State {
        var configuration: EncryptionConfiguration?
        var stage = Stage.start
    }

    static let resource = "secrets"
    private static let prefix = Array("k8s:enc:aesgcm:v1:".utf8)

    private let path: String
    private let clock: any WallClock
    private let state: Mutex<State>

    /// - Parameters:
    ///   - path: the EncryptionConfiguration file; it is read if it is there.
    ///   - enables: makes the file, with a new key, if it is not.
    public init(path: String, enables: Bool, clock: any WallClock = SystemWallClock()) throws {
        self.path = path
        self.clock = clock
        var state = State()
        do {
            if let text = try SmallFile.readTextIfPresent(path) {
                state.configuration = try EncryptionConfiguration(parsing: text)
            }
        } catch {
            throw Failure(description: "read encryption configuration \(path): \(error)")
        }
        if let text = try SmallFile.readTextIfPresent(Self.stagePath(path)) {
            state.stage = Stage(rawValue: String(text.prefix { !$0.isNewline })) ?? .start
        }
        self.state = Mutex(state)
        if enables, state.configuration == nil {
            try change { state in
                state.configuration = EncryptionConfiguration(keys: [Self.newKey(nil)], isEnabled: true)
            }
        }
    }

    private static func stagePath(_ path: String) -> String { path + ".stage" }

    private static func newKey(_ time: Timestamp?) -> EncryptionConfiguration.Key {
        EncryptionConfiguration.Key(
            name: time.map { "aesgcmkey-\($0.rfc3339.replacing(":", with: "."))" } ?? "aesgcmkey",
            secret: SecureRandom.bytes(32))
    }

    // MARK: Rows

    public func toDisk(_ bytes: [UInt8], key: ObjectKey) throws -> [UInt8] {
        let sealing = state.withLock { state -> EncryptionConfiguration.Key? in
            guard let configuration = state.configuration, configuration.isEnabled else { return nil }
            return configuration.keys.first
        }
        guard let sealing else { return bytes }
        let box = try AES.GCM.seal(
            bytes, using: SymmetricKey(data: sealing.secret), authenticating: Self.context(key))
        var row = Self.prefix
        row.reserveCapacity(row.count + sealing.name.utf8.count + 1 + bytes.count + 28)
        row.append(contentsOf: sealing.name.utf8)
        row.append(UInt8(ascii: ":"))
        row.append(contentsOf: box.nonce)
        row.append(contentsOf: box.ciphertext)
        row.append(contentsOf: box.tag)
        return row
    }

    public func fromDisk(_ bytes: [UInt8], key: ObjectKey) throws -> [UInt8] {
        guard bytes.starts(with: Self.prefix) else { return bytes }
        let rest = bytes.dropFirst(Self.prefix.count)
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else {
            throw Failure(description: "the encrypted value names no key")
        }
        let name = String(decoding: rest[..<colon], as: UTF8.self)
        let known = state.withLock { $0.configuration?.keys.first { $0.name == name } }
        guard let known else {
            throw Failure(description: "it is encrypted with key \"\(name)\", which is not in \(path)")
        }
        do {
            let box = try AES.GCM.SealedBox(combined: rest[rest.index(after: colon)...])
            return Array(
                try AES.GCM.open(
                    box, using: SymmetricKey(data: known.secret), authenticating: Self.context(key)))
        } catch {
            throw Failure(description: "key \"\(name)\" in \(path) is not the one that it was encrypted with")
        }
    }

    private static func context(_ key: ObjectKey) -> [UInt8] {
        Array("/registry/\(key.resource)/\(key.namespace)/\(key.name)".utf8)
    }

    // MARK: Changes of keys

    /// Changes file and memory, the file first: what is written with a key is never without it.
    private func change(_ body: (inout State) throws -> Void) throws {
        try state.withLock { state in
            var next = state
            try body(&next)
            if let configuration = next.configuration, configuration != state.configuration {
                try SmallFile.makeDirectory(SmallFile.directory(of: path), mode: 0o700)
                try SmallFile.write(configuration.value.encoded, to: path, mode: 0o600)
            }
            try SmallFile.write(next.stage.rawValue + "\n", to: Self.stagePath(path), mode: 0o600)
            state = next
        }
    }

    private static func required(_ state: State) throws -> EncryptionConfiguration {
        guard let configuration = state.configuration, !configuration.keys.isEmpty else {
            throw Failure(
                description:
                    "secrets encryption has never been enabled: start the server with --secrets-encryption or run enable"
            )
        }
        return configuration
    }

    func enable() throws {
        try change { state in
            var configuration = state.configuration ?? EncryptionConfiguration(keys: [], isEnabled: true)
            if configuration.keys.isEmpty { configuration.keys = [Self.newKey(nil)] }
            configuration.isEnabled = true
            state.configuration = configuration
        }
    }

    func disable() throws {
        try change { state in
            var configuration = try Self.required(state)
            configuration.isEnabled = false
            state.configuration = configuration
        }
    }

    /// Adds a key that only reads.
    func prepare(force: Bool) throws {
        try change { state in
            var configuration = try Self.required(state)
            guard force || state.stage == .start || state.stage == .reencryptFinished else {
                throw Failure(
                    description:
                        "invalid hash or stage: current stage is \(state.stage.rawValue), prepare needs start or reencrypt_finished"
                )
            }
            configuration.keys.append(Self.newKey(clock.now))
            state.configuration = configuration
            state.stage = .prepare
        }
    }

    /// Writes with the newest key.
    func rotate(force: Bool) throws {
        try change { state in
            var configuration = try Self.required(state)
            guard force || state.stage == .prepare, let newest = configuration.keys.popLast() else {
                throw Failure(
                    description:
                        "invalid hash or stage: current stage is \(state.stage.rawValue), rotate needs prepare"
                )
            }
            configuration.keys.insert(newest, at: 0)
            state.configuration = configuration
            state.stage = .rotate
        }
    }

    func demandRotated(force: Bool) throws {
        let stage = state.withLock(\.stage)
        guard force || stage == .rotate else {
            throw Failure(
                description:
                    "invalid hash or stage: current stage is \(stage.rawValue), reencrypt needs rotate")
        }
    }

    /// All rows have been written again: keys that nothing needs any more go.
    func finishReencryption(skip: Bool) throws {
        try change { state in
            if !skip, var configuration = state.configuration, configuration.isEnabled {
                configuration.keys = Array(configuration.keys.prefix(1))
                state.configuration = configuration
            }
            state.stage = .reencryptFinished
        }
    }

    /// The state for `edge secrets-encrypt status`.
    var status: JSONValue {
        let (configuration, stage) = state.withLock { ($0.configuration, $0.stage) }
        guard let configuration else { return ["configured": false, "enabled": false] }
        let active = configuration.isEnabled ? configuration.keys.first?.name : nil
        return [
            "configured": true, "enabled": .bool(configuration.isEnabled), "stage": .string(stage.rawValue),
            "keys": .array(
                configuration.keys.map {
                    ["name": .string($0.name), "type": "AES-GCM", "active": .bool($0.name == active)]
                }),
        ]
    }
}
