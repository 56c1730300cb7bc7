/// A descriptor of this process that text goes to. A write blocks as long as the reader does not read, as in
/// any command.
struct DescriptorOutput: KubectlOutput {
    let descriptor: Int32

    func write(_ bytes: [UInt8]) {
        // A reader that has gone away (`| head`) is no failure that could be told to anybody.
        try? HostFiles.write(descriptor, bytes, "output")
    }
}
