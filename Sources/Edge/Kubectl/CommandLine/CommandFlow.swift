internal import EdgeAPI

/// Names the file behind a failure, as kubectl does: `error when creating "web.yaml": ...`.
func withSource<Result>(
    _ verb: String, _ source: String, _ body: () async throws -> Result
) async throws -> Result {
    guard !source.isEmpty else { return try await body() }
    do {
        return try await body()
    } catch var status as APIStatus where !(status.reason == .invalid && status.code == 422) {
        status.message = "error when \(verb) \(goQuoted(source)): \(status.message)"
        throw status
    } catch let error as KubectlError {
        throw KubectlError(
            "error when \(verb) \(goQuoted(source)): \(error.message)", form: error.form,
            exitCode: error.exitCode)
    }
}

/// Runs `body` for each element; goes on after a failure and throws all of them at the end.
func forEachCollectingErrors<Element>(
    _ elements: [Element], _ body: (Element) async throws -> Void
) async throws {
    var errors: [any Error] = []
    for element in elements {
        do {
            try await body(element)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            errors.append(error)
        }
    }
    try KubectlErrors.throwIfAny(errors)
}

/// Ends `body` after a time (nil or zero: never) by throwing `timeout`.
func withTimeout<Result: Sendable>(
    _ duration: Duration?, sleep: @escaping @Sendable (Duration) async throws -> Void,
    timeout: @escaping @Sendable () -> any Error, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    guard let duration, duration > .zero else { return try await body() }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await sleep(duration)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else { throw timeout() }
        return result
    }
}
