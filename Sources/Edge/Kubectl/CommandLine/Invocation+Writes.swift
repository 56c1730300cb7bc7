extension Invocation {
    /// The query parameters of this command's writes.
    func writeOptions(_ dryRun: DryRun = .none) throws -> ResourceClient.WriteOptions {
        var options = ResourceClient.WriteOptions()
        options.fieldManager = flags.string("field-manager")
        options.isServerDryRun = dryRun == .server
        if flags.spec("validate") != nil {
            switch flags.string("validate") {
            case "strict", "true": options.fieldValidation = "Strict"
            case "warn": options.fieldValidation = "Warn"
            case "ignore", "false": options.fieldValidation = "Ignore"
            case let other:
                throw KubectlError(
                    "invalid - validate option \(goQuoted(other)); must be one of: strict (or true), warn, "
                        + "ignore (or false)")
            }
        }
        return options
    }
}
