internal import EdgeBase
internal import EdgeJSON
internal import EdgeTransport
internal import Testing

@testable internal import EdgeAPIServer

@Suite struct SecretsEncryptionTests {
    private let path = "/tmp/edge-encryption-\(SecureRandom.hex(bytes: 8))/config.json"
    private let key = ObjectKey(resource: "secrets", namespace: "a", name: "b")
    private let plain = Array("{\"kind\":\"Secret\"}".utf8)

    @Test func rowsReadWithTheirKeyAndNameOnly() throws {
        let encryption = try SecretsEncryption(path: path, enables: true)
        let row = try encryption.toDisk(plain, key: key)
        #expect(row.starts(with: Array("k8s:enc:aesgcm:v1:aesgcmkey:".utf8)))
        #expect(try encryption.toDisk(plain, key: key) != row)
        #expect(try SecretsEncryption(path: path, enables: false).fromDisk(row, key: key) == plain)
        #expect(throws: SecretsEncryption.Failure.self) {
            try encryption.fromDisk(row, key: ObjectKey(resource: "secrets", namespace: "a", name: "c"))
        }
        #expect(throws: SecretsEncryption.Failure.self) {
            try SecretsEncryption(path: path + "2", enables: true).fromDisk(row, key: key)
        }
        #expect(throws: SecretsEncryption.Failure.self) {
            try SecretsEncryption(path: path + "3", enables: false).fromDisk(row, key: key)
        }
    }

    @Test func withoutKeysRowsArePlain() throws {
        let encryption = try SecretsEncryption(path: path, enables: false)
        #expect(try encryption.toDisk(plain, key: key) == plain)
        #expect(encryption.status["configured"]?.bool == false)
    }

    @Test func rotationKeepsOldRowsReadable() throws {
        let encryption = try SecretsEncryption(path: path, enables: true)
        let old = try encryption.toDisk(plain, key: key)
        #expect(throws: SecretsEncryption.Failure.self) { try encryption.rotate(force: false) }
        try encryption.prepare(force: false)
        #expect(
            try encryption.toDisk(plain, key: key).starts(with: Array("k8s:enc:aesgcm:v1:aesgcmkey:".utf8)))
        try encryption.rotate(force: false)
        let new = try encryption.toDisk(plain, key: key)
        #expect(!new.starts(with: Array("k8s:enc:aesgcm:v1:aesgcmkey:".utf8)))
        #expect(try encryption.fromDisk(old, key: key) == plain)
        try encryption.finishReencryption(skip: false)
        #expect(throws: SecretsEncryption.Failure.self) { try encryption.fromDisk(old, key: key) }
        #expect(try SecretsEncryption(path: path, enables: true).fromDisk(new, key: key) == plain)
        try encryption.disable()
        #expect(try encryption.toDisk(plain, key: key) == plain)
        #expect(try encryption.fromDisk(new, key: key) == plain)
    }

    @Test(arguments: [
        "kind: EncryptionConfiguration\nresources: [{resources: [configmaps], providers: [{identity: {}}]}]",
        "kind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [{aescbc: {keys: []}}]}]",
        "kind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [{aesgcm: {keys: [{name: a, secret: YQ==}]}}]}]",
        "kind: Secret",
    ])
    func refusedConfigurations(text: String) {
        #expect(throws: (any Error).self) { try EncryptionConfiguration(parsing: text) }
    }
}
