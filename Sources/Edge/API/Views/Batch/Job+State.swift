extension Job {
    public var isComplete: Bool { status.isTrue("Complete") }
    public var isFailed: Bool { status.isTrue("Failed") }
    public var isFinished: Bool { isComplete || isFailed }
}
