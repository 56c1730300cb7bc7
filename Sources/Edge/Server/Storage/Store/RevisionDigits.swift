internal import EdgeBase

/// The decimal digits of a revision inside an object's bytes.
enum RevisionDigits {
    /// `bytes` with the digits of `revision` in place of the `width` bytes at `offset`.
    static func splice(_ revision: UInt64, into bytes: [UInt8], at offset: Int, replacing width: Int)
        -> [UInt8]
    {
        let digits = count(revision)
        let tail = offset + width
        let size = bytes.count - width + digits
        return [UInt8](unsafeUninitializedCapacity: size) { target, initialized in
            bytes.withUnsafeBufferPointer { source in
                _ = target[..<offset].initialize(fromContentsOf: source[..<offset])
                var rest = revision
                for index in stride(from: offset + digits - 1, through: offset, by: -1) {
                    target.initializeElement(at: index, to: UInt8(ascii: "0") + UInt8(rest % 10))
                    rest /= 10
                }
                _ = target[(offset + digits)..<size].initialize(fromContentsOf: source[tail...])
            }
            initialized = size
        }
    }

    /// Whether the quoted text at `offset` is exactly this revision: the cheap check of a row read from disk.
    static func match(_ revision: UInt64, in bytes: [UInt8], at offset: Int) -> Bool {
        let end = offset + count(revision)
        guard offset > 0, end < bytes.count, bytes[offset - 1] == UInt8(ascii: "\""),
            bytes[end] == UInt8(ascii: "\"")
        else { return false }
        var rest = revision
        for index in stride(from: end - 1, through: offset, by: -1) {
            guard bytes[index] == UInt8(ascii: "0") + UInt8(rest % 10) else { return false }
            rest /= 10
        }
        return true
    }

    static func count(_ revision: UInt64) -> Int {
        var digits = 1
        var rest = revision / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }
}

extension EncodedObject {
    /// The version that a write of `pending` with this revision makes.
    convenience init(key: ObjectKey, revision: UInt64, pending: PendingObject) {
        let bytes = RevisionDigits.splice(
            revision, into: pending.bytes, at: pending.revisionOffset, replacing: 0)
        self.init(
            key: key, revision: revision, bytes: bytes, revisionOffset: UInt32(pending.revisionOffset))
    }

    /// The same content under another revision: what a deletion shows to watchers.
    func carrying(revision newRevision: UInt64) -> EncodedObject {
        let bytes = RevisionDigits.splice(
            newRevision, into: bytes, at: Int(revisionOffset), replacing: RevisionDigits.count(revision))
        return EncodedObject(
            key: key, revision: newRevision, bytes: bytes, revisionOffset: revisionOffset)
    }
}
