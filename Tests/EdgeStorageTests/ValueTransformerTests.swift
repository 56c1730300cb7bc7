import EdgeBase
import Testing

@testable import EdgeStorage

/// Not encryption, but as unreadable without the right key.
private struct Scrambler: ValueTransformer {
    struct WrongKey: Error {}

    let key: UInt8

    func toDisk(_ bytes: [UInt8], key name: ObjectKey) throws -> [UInt8] {
        if name.name == "unwritable" { throw WrongKey() }
        return [key] + bytes.map { $0 ^ key }
    }

    func fromDisk(_ bytes: [UInt8], key name: ObjectKey) throws -> [UInt8] {
        guard bytes.first == key else { throw WrongKey() }
        return bytes.dropFirst().map { $0 ^ key }
    }
}

@Suite struct ValueTransformerTests {
    private func options(_ folder: TemporaryFolder, key: UInt8) -> StoreOptions {
        var options = StoreOptions.test(folder)
        options.transformers["secrets"] = Scrambler(key: key)
        return options
    }

    private func secret(_ name: String) -> ObjectKey {
        ObjectKey(resource: "secrets", namespace: "default", name: name)
    }

    @Test func theDiskHasOtherBytesThanMemory() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(options(folder, key: 0x55))
        try await store.put(secret("a"), "hush-durable")
        try await store.put(secret("b"), "hush-batched", durability: .batched)
        try await store.put(.configMap("c"), "plain")
        try await store.writeSnapshot()
        try await store.close()
        for name in folder.files {
            let bytes = String(decoding: try folder.read(name), as: UTF8.self)
            #expect(!bytes.contains("hush"))
            #expect(bytes.contains("plain"))
        }
        let reopened = try await ObjectStore.open(options(folder, key: 0x55))
        #expect(reopened.contents("secrets") == ["a": "hush-durable", "b": "hush-batched"])
    }

    @Test func aWrongKeyLosesNothing() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(options(folder, key: 1))
        try await store.put(secret("a"), "1")
        try await store.writeSnapshot()
        try await store.close()
        do {
            _ = try await ObjectStore.open(options(folder, key: 2))
            Issue.record("opened with a wrong key")
        } catch {
            #expect("\(error)".contains("secrets/default/a"))
        }
        let reopened = try await ObjectStore.open(options(folder, key: 1))
        #expect(reopened.contents("secrets") == ["a": "1"])
    }

    @Test func aFailureFailsItsOwnGroupOnly() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(options(folder, key: 1))
        await #expect(throws: StorageError.self) { try await store.put(secret("unwritable")) }
        try await store.put(secret("a"), "1")
        #expect(store.count("secrets") == 1)
    }
}
