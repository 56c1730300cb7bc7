internal import EdgeAPI
internal import EdgeJSON

/// Tells what a command did to an object: `deployment.apps/web created`, or the object in the format of `-o`.
struct ChangePrinter {
    private let call: Invocation
    private let printer: ObjectPrinter?
    private let dryRun: DryRun
    private var hasPrintedYAML = false

    init(_ call: Invocation, _ dryRun: DryRun = .none) throws {
        self.call = call
        self.dryRun = dryRun
        printer = call.flags.spec("output") == nil ? nil : try ObjectPrinter(call.flags)
        if printer == nil, call.flags.string("output") == "wide" {
            throw KubectlError(
                "unable to match a printer suitable for the output format \"wide\", allowed formats are: "
                    + ObjectPrinter.formats)
        }
    }

    var printsObjects: Bool { printer != nil }

    mutating func show(_ info: ResourceInfo, _ operation: String) throws {
        guard let printer else {
            call.line("\(info.displayName) \(operation)\(dryRun.suffix)")
            return
        }
        if case .yaml = printer.format {
            if hasPrintedYAML { call.line("---") }
            hasPrintedYAML = true
        }
        call.write(try printer.text(info.content.value, resource: info.resource))
    }
}
