internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import Synchronization

/// Why a container's image is not here.
struct ImageFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// `ErrImagePull`, `ImagePullBackOff`, `ErrImageNeverPull`, `InvalidImageName`.
    var reason: String
    var message: String
    /// When to try again.
    var retryAfter: Duration

    var description: String { message }
}

/// Gets the images that containers need, by their pull policies.
final class ImageManager: Sendable {
    private struct Failure {
        var backoff: RestartBackoff
        var failed: Timestamp
        var message: String
    }

    private let provider: any ImageProvider
    private let clock: any WallClock
    private let pulls: PullTable
    /// By pod and image.
    private let failures = Mutex<[String: Failure]>([:])

    init(provider: any ImageProvider, clock: any WallClock) {
        self.provider = provider
        self.clock = clock
        pulls = PullTable(provider: provider)
    }

    /// Tells of what happens: severity, reason, message.
    typealias Report = @Sendable (EventRecorder.Severity, String, String) -> Void

    /// Returns once the image is here.
    func ensure(
        _ container: Container, podUID: String, dockerConfigs: [[UInt8]], report: Report
    ) async throws -> ImageSummary {
        let image = container.image
        let policy = Self.policy(container)
        guard !image.isEmpty else {
            throw ImageFailure(
                reason: "InvalidImageName",
                message: "Failed to apply default image tag \"\": couldn't parse image name",
                retryAfter: RestartBackoff.maximum)
        }
        if policy != "Always", let present = provider.image(image) {
            report(.normal, "Pulled", "Container image \"\(image)\" already present on machine")
            return present
        }
        if policy == "Never" {
            let message = "Container image \"\(image)\" is not present with pull policy of Never"
            report(.warning, "ErrImageNeverPull", message)
            throw ImageFailure(reason: "ErrImageNeverPull", message: message, retryAfter: .seconds(10))
        }
        let key = "\(podUID) \(image)"
        try checkBackoff(key, image, report)
        return try await pull(image, key, dockerConfigs, report)
    }

    func forget(_ podUID: String) {
        failures.withLock { failures in failures = failures.filter { !$0.key.hasPrefix(podUID + " ") } }
    }

    /// `Always` for the tag `latest`, whether written or not; else `IfNotPresent`.
    static func policy(_ container: Container) -> String {
        if !container.imagePullPolicy.isEmpty { return container.imagePullPolicy }
        let image = container.image
        if image.contains("@") { return "IfNotPresent" }
        let last = image.split(separator: "/").last ?? ""
        guard let colon = last.lastIndex(of: ":") else { return "Always" }
        return last[colon...] == ":latest" ? "Always" : "IfNotPresent"
    }

    private func checkBackoff(_ key: String, _ image: String, _ report: Report) throws {
        let now = clock.now
        guard let failure = failures.withLock({ $0[key] }),
            let remaining = failure.backoff.remaining(since: failure.failed, now: now)
        else { return }
        let message = "Back-off pulling image \"\(image)\""
        report(.normal, "BackOff", message)
        throw ImageFailure(
            reason: "ImagePullBackOff", message: "\(message): ErrImagePull: \(failure.message)",
            retryAfter: remaining)
    }

    private func pull(_ image: String, _ key: String, _ dockerConfigs: [[UInt8]], _ report: Report)
        async throws
        -> ImageSummary
    {
        report(.normal, "Pulling", "Pulling image \"\(image)\"")
        let begun = clock.now
        do {
            let (summary, took) = try await pulls.pull(image, dockerConfigs: dockerConfigs)
            let waited = clock.now - begun
            report(
                .normal, "Pulled",
                "Successfully pulled image \"\(image)\" in \(Self.text(took)) (\(Self.text(max(waited, took))) "
                    + "including waiting). Image size: \(summary.size) bytes.")
            _ = failures.withLock { $0.removeValue(forKey: key) }
            return summary
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw failed(image, key, "\(error)", report)
        }
    }

    private func failed(_ image: String, _ key: String, _ cause: String, _ report: Report) -> ImageFailure {
        let now = clock.now
        failures.withLock { failures in
            let backoff = RestartBackoff.next(after: failures[key]?.backoff, failed: now, now: now)
            failures[key] = Failure(backoff: backoff, failed: now, message: cause)
        }
        if cause.hasPrefix("couldn't parse image name") {
            let message = "Failed to apply default image tag \"\(image)\": \(cause)"
            report(.warning, "InspectFailed", message)
            report(.warning, "Failed", "Error: InvalidImageName")
            return ImageFailure(
                reason: "InvalidImageName", message: message, retryAfter: RestartBackoff.maximum)
        }
        report(.warning, "Failed", "Failed to pull image \"\(image)\": \(cause)")
        report(.warning, "Failed", "Error: ErrImagePull")
        // Soon enough that users see the back-off, long before its end.
        return ImageFailure(reason: "ErrImagePull", message: cause, retryAfter: .seconds(5))
    }

    /// `1.234s`, `350ms`.
    static func text(_ duration: Duration) -> String {
        let milliseconds = duration.wholeNanoseconds / 1_000_000
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        var fraction = String(milliseconds % 1000 + 1000).dropFirst()
        while fraction.last == "0" { fraction = fraction.dropLast() }
        return fraction.isEmpty ? "\(milliseconds / 1000)s" : "\(milliseconds / 1000).\(fraction)s"
    }
}
