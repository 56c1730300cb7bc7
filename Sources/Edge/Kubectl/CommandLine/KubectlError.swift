internal import EdgeAPI

/// Why a command ends, with what it prints to standard error and the exit code.
struct KubectlError: Error {
    enum Form: Sendable {
        /// `error: <message>`
        case plain
        /// The message as it is.
        case verbatim
        /// `error: <message>` followed by where help is found: a flag is wrong.
        case usage
        /// The same in kubectl's other words: the arguments are wrong.
        case arguments
        /// Nothing is printed: it has been already.
        case silent
    }

    let message: String
    let form: Form
    let exitCode: Int32

    init(_ message: String, form: Form = .plain, exitCode: Int32 = 1) {
        self.message = message
        self.form = form
        self.exitCode = exitCode
    }

    static func usage(_ message: String) -> KubectlError { KubectlError(message, form: .usage) }
    static func arguments(_ message: String) -> KubectlError { KubectlError(message, form: .arguments) }
    static func verbatim(_ message: String) -> KubectlError { KubectlError(message, form: .verbatim) }
    static func exit(_ code: Int32) -> KubectlError { KubectlError("", form: .silent, exitCode: code) }

    /// Something that Kubernetes' kubectl can do and this one cannot.
    static func unsupported(_ what: String) -> KubectlError {
        KubectlError("\(what) is not supported by this kubectl")
    }
}

extension KubectlError: CustomStringConvertible {
    var description: String { message }
}
