/// All commands, in the order in which help lists them.
enum CommandTable {
    /// Known to Kubernetes' kubectl, refused here, and so not listed.
    static let refusedNames = Set(OptionsCommand.refused.map(\.name))

    static let root = CommandSpec(
        "kubectl", "kubectl controls the Kubernetes cluster manager", usage: "[flags]",
        subcommands: [
            // For beginners.
            CreateCommand.spec, ExposeCommand.spec, RunCommand.spec, SetCommand.spec,
            // Everyday work.
            ExplainCommand.spec, GetCommand.spec, EditCommand.spec, DeleteCommand.spec,
            // Deploying.
            RolloutCommand.spec, ScaleCommand.spec, AutoscaleCommand.spec,
            // The cluster.
            CertificateCommand.spec, ClusterInfoCommand.spec, TopCommand.spec, CordonCommands.cordon,
            CordonCommands.uncordon, DrainCommand.spec, TaintCommand.spec,
            // Finding out.
            DescribeCommand.spec, LogsCommand.spec, AttachCommand.spec, ExecCommand.spec,
            PortForwardCommand.spec, CopyCommand.spec, AuthCommand.spec, DebugCommand.spec,
            EventsCommand.spec,
            // Advanced.
            DiffCommand.spec, ApplyCommand.spec, PatchCommand.spec, ReplaceCommand.spec, WaitCommand.spec,
            // Settings.
            MetadataCommands.label, MetadataCommands.annotate,
            // Others.
            ResourceCommands.resources, ResourceCommands.versions, ConfigCommand.spec, VersionCommand.spec,
            OptionsCommand.spec,
        ] + OptionsCommand.refused)
}
