/// All commands, in the order in which help lists them.
enum CommandTable {
    static let root = CommandSpec(
        "kubectl", "kubectl controls the Kubernetes cluster manager", usage: "[flags]",
        subcommands: [
            CreateCommand.spec, ExposeCommand.spec, RunCommand.spec, SetCommand.spec,
            GetCommand.spec, EditCommand.spec, DeleteCommand.spec,
            RolloutCommand.spec, ScaleCommand.spec, AutoscaleCommand.spec, CertificateCommand.spec,
            ClusterInfoCommand.spec, TopCommand.spec, CordonCommands.cordon, CordonCommands.uncordon,
            DrainCommand.spec, TaintCommand.spec, DescribeCommand.spec, LogsCommand.spec,
            AttachCommand.spec, ExecCommand.spec, PortForwardCommand.spec, CopyCommand.spec,
            AuthCommand.spec, EventsCommand.spec, ApplyCommand.spec, PatchCommand.spec,
            ReplaceCommand.spec, WaitCommand.spec, MetadataCommands.label, MetadataCommands.annotate,
            ResourceCommands.resources, ResourceCommands.versions, ConfigCommand.spec, VersionCommand.spec,
        ])
}
