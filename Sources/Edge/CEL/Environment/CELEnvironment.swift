/// What expressions are compiled against: variables, libraries and object types.
public struct CELEnvironment: Sendable {
    private let declarations: Declarations
    private let macros: Macros.Table
    private let validatesLiterals: Bool

    /// - Parameters:
    ///   - variables: the variables by name, with the schemas of their values.
    ///   - libraries: what there is beyond the language.
    ///   - types: object types that expressions may build, besides those of the variables.
    ///   - validatesLiterals: refuse lists of mixed types and literals that can never be valid, as
    ///     Kubernetes does.
    public init(
        variables: [String: CELSchema], libraries: [CELLibrary] = CELLibrary.kubernetes,
        types: [CELObjectType] = [], validatesLiterals: Bool = true
    ) {
        var declarations = Self.declarations(libraries)
        var macros = Macros.standard
        for library in libraries { macros.merge(library.macros) { $1 } }
        declarations.variables = variables
        for type in types { declarations.add(type) }
        for schema in variables.values { declarations.add(types: schema.type) }
        self.declarations = declarations
        self.macros = macros
        self.validatesLiterals = validatesLiterals
    }

    /// Made once: nearly every environment has these.
    private static let kubernetes: Declarations = {
        var declarations = standard
        declarations.add(CELLibrary.kubernetes)
        return declarations
    }()

    private static let standard: Declarations = {
        var table = FunctionTable()
        ArithmeticFunctions.declare(in: &table)
        ComparisonFunctions.declare(in: &table)
        CollectionFunctions.declare(in: &table)
        ConversionFunctions.declare(in: &table)
        TimeFunctions.declare(in: &table)
        TextFunctions.declare(in: &table)
        RegexFunctions.declareMatches(in: &table)
        var declarations = Declarations()
        for function in table.functions { declarations.add(function) }
        return declarations
    }()

    private static func declarations(_ libraries: [CELLibrary]) -> Declarations {
        let hasKubernetes = CELLibrary.kubernetes.allSatisfy(libraries.contains)
        var declarations = hasKubernetes ? kubernetes : standard
        declarations.add(hasKubernetes ? libraries.filter { !CELLibrary.kubernetes.contains($0) } : libraries)
        return declarations
    }

    /// Compiles an expression: parses it, checks its types, estimates its cost.
    public func compile(_ source: String) throws(CELCompileErrors) -> CELProgram {
        let text = SourceText(source)
        let issues = IssueLog(text)
        var parser = Parser(text, macros: macros, issues: issues)
        guard let root = parser.parse(), issues.isEmpty else { throw issues.errors }
        var checker = Checker(declarations, issues: issues)
        checker.check(root: root)
        guard issues.isEmpty else { throw issues.errors }
        if validatesLiterals {
            LiteralValidator(issues: issues).validate(root)
            guard issues.isEmpty else { throw issues.errors }
        }
        var planner = Planner()
        let plan = planner.plan(root)
        var estimator = CostEstimator(variables: declarations.variables)
        return CELProgram(
            source: source, resultType: root.type, references: planner.references,
            estimatedCost: estimator.cost(root), plan: plan, localCount: planner.localCount)
    }
}
