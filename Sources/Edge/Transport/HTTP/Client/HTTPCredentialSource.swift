internal import EdgeJSON
internal import Synchronization

/// Gives the `Authorization` header of requests.
final class HTTPCredentialSource: Sendable {
    private struct Cached {
        let header: String
        let readAt: ContinuousClock.Instant
    }

    private static let maximumAge = Duration.seconds(60)

    private let credentials: HTTPCredentials
    private let cached = Mutex<Cached?>(nil)

    init(_ credentials: HTTPCredentials) {
        self.credentials = credentials
    }

    func authorization() throws -> String? {
        switch credentials {
        case .none: return nil
        case .bearer(let token): return "Bearer \(token)"
        case .basic(let user, let password):
            return "Basic \(Base64.encode(Array("\(user):\(password)".utf8)))"
        case .bearerFile(let path): return try fromFile(path)
        }
    }

    private func fromFile(_ path: String) throws -> String {
        let now = ContinuousClock.now
        if let cached = cached.withLock({ $0 }), now - cached.readAt < Self.maximumAge {
            return cached.header
        }
        do throws(FileError) {
            let bytes = try SmallFile.read(path).filter { $0 > 0x20 && $0 < 0x7f }
            let header = "Bearer " + String(decoding: bytes, as: UTF8.self)
            cached.withLock { $0 = Cached(header: header, readAt: now) }
            return header
        } catch {
            // A token that cannot be read just now may still be good.
            guard let old = cached.withLock({ $0 }) else { throw error }
            return old.header
        }
    }
}
