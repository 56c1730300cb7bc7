/// Several failures of one command, each printed on its own line.
struct KubectlErrors: Error {
    let errors: [any Error]

    /// Throws the errors if there are any; a single one as itself.
    static func throwIfAny(_ errors: [any Error]) throws {
        guard let first = errors.first else { return }
        if errors.count == 1 { throw first }
        throw KubectlErrors(errors: errors)
    }
}
