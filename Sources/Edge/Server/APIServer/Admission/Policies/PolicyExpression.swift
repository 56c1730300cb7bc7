internal import EdgeCEL

/// An expression of a policy. What was stored once and does not compile any more fails when it is used.
enum PolicyExpression: Sendable {
    case program(CELProgram)
    case broken(String)

    /// Why an expression gives nothing.
    enum Failure: Error {
        /// The expression alone has failed.
        case failed(String)
        /// Nothing more can be evaluated for this request.
        case outOfBudget
    }

    init(_ source: String, in environment: PolicyEnvironment, _ types: [CELType]) {
        do throws(PolicyCompileError) {
            self = .program(try environment.compile(source, types))
        } catch { self = .broken(error.description) }
    }

    func run(_ values: CELActivation, _ budget: inout UInt64) throws(Failure) -> CELValue {
        let program: CELProgram
        switch self {
        case .program(let compiled): program = compiled
        case .broken(let cause): throw .failed("compilation error: \(cause)")
        }
        let outcome = program.run(values)
        guard outcome.cost <= budget else { throw .outOfBudget }
        budget -= outcome.cost
        switch outcome.result {
        case .success(let value): return value
        case .failure(let error):
            throw .failed("expression '\(program.source)' resulted in error: \(error)")
        }
    }
}
