internal import NIOCore
internal import Synchronization

/// One request at work and what is left to send of its answer.
///
/// `@unchecked Sendable`: touched on the connection's event loop only; other threads compare its identity.
final class HTTPExchange: @unchecked Sendable {
    enum Outbound {
        /// The handler has not answered yet.
        case none
        case pieces(HTTPPieceReader)
        case buffer(ByteBuffer)
        case pulled(any PulledBody)
        case writer(HTTPBodyWriter)
    }

    let method: HTTPMethod
    let minorVersion: Int
    var keepsConnection: Bool
    var isChunked = false
    var outbound = Outbound.none
    /// Runs the handler or writes the body.
    var task: Task<Void, Never>?
    /// Held while there is a limit to the time of its task.
    var timed: HTTPServerRequest?

    init(_ head: HTTPRequestHead) {
        method = head.method
        minorVersion = head.minorVersion
        keepsConnection = head.keepsConnection
    }

    var writer: HTTPBodyWriter? {
        if case .writer(let writer) = outbound { writer } else { nil }
    }
}

/// A deadline that is moved with every request but costs a timer only when one must fire earlier than
/// planned.
struct LazyDeadline {
    private(set) var time: NIODeadline?
    /// Whether the deadline is one of a request that has begun.
    private(set) var isShort = false
    private var timer: (scheduled: Scheduled<Void>, time: NIODeadline)?

    /// Moves the deadline; true when `schedule` must be called, since no timer fires early enough.
    mutating func move(to time: NIODeadline?, isShort: Bool) -> Bool {
        self.time = time
        self.isShort = isShort
        guard let time else { return false }
        if let timer, timer.time <= time { return false }
        return true
    }

    mutating func schedule(on eventLoop: any EventLoop, fire: @escaping @Sendable () -> Void) {
        guard let time else { return }
        timer?.scheduled.cancel()
        timer = (eventLoop.scheduleTask(deadline: time, fire), time)
    }

    /// To be called when the timer fires: whether the deadline has passed. Plans the timer anew when it was
    /// moved.
    mutating func fired(on eventLoop: any EventLoop, fire: @escaping @Sendable () -> Void) -> Bool {
        timer = nil
        guard let time else { return false }
        if time <= eventLoop.now { return true }
        schedule(on: eventLoop, fire: fire)
        return false
    }

    mutating func cancel() {
        time = nil
        timer?.scheduled.cancel()
        timer = nil
    }
}
