/// The units of cost accounting and the budgets that Kubernetes gives expressions (k8s.io/apiserver's
/// `pkg/apis/cel`, apiextensions' validation of CustomResourceDefinitions).
public enum CELCost {
    /// The most that one evaluation of one expression may cost.
    public static let perCallLimit: UInt64 = 1_000_000
    /// The most that all expressions of one policy binding, or of one custom resource, may cost together.
    public static let runtimeBudget: UInt64 = 10_000_000
    /// The most that the match conditions of one webhook or binding may cost together.
    public static let matchConditionsBudget: UInt64 = 2_500_000
    /// The highest estimate of one rule, multiplied by how often it can be evaluated.
    public static let estimatedRuleLimit: UInt64 = 10_000_000
    /// The highest estimate of all rules of a CustomResourceDefinition's version together.
    public static let estimatedSchemaLimit: UInt64 = 100_000_000
    /// The longest text in bytes that a messageExpression may give.
    public static let maximumMessageSize = 5 * 1024

    /// What Kubernetes says of an estimate above its limit; `name` is `estimated rule cost`,
    /// `estimated messageExpression cost`, ...
    public static func excessMessage(_ name: String, cost: UInt64, limit: UInt64) -> String {
        let factor = Double(cost) / Double(limit)
        let text =
            factor > 100
            ? "more than 100x"
            : GoNumber.fixed(factor, precision: factor < 1.5 ? 6 : 1) + "x"
        return "\(name) exceeds budget by factor of \(text) (try simplifying the rule, or adding maxItems, "
            + "maxProperties, and maxLength where arrays, maps, and strings are declared)"
    }

    static let access: UInt64 = 1
    static let listCreation: UInt64 = 10
    static let mapCreation: UInt64 = 30
    static let objectCreation: UInt64 = 40
    static let textFactor = 0.1
    static let patternFactor = 0.25
    /// One check of an authorizer: two fit into an expression.
    static let authorization: UInt64 = 350_000

    /// A size times a factor, rounded up, without overflow.
    static func scaled(_ size: UInt64, _ factor: Double) -> UInt64 {
        let product = (Double(size) * factor).rounded(.up)
        return product >= 0x1p64 ? .max : UInt64(product)
    }

    static func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}
