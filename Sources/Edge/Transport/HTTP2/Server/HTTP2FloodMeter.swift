internal import NIOCore

/// What a client may send without getting anywhere: pings, settings, resets, empty frames. A budget that refills
/// with time and with what is sent to the client; who empties it is cut off.
struct HTTP2FloodMeter {
    static let capacity = 2000
    private static let perSecond = 200

    private var left = capacity
    private var refilled = NIODeadline.uptimeNanoseconds(0)

    /// False when the budget is used up.
    mutating func charge(_ cost: Int, now: NIODeadline) -> Bool {
        if left < cost {
            let gained = (now - refilled).nanoseconds / (1_000_000_000 / Int64(Self.perSecond))
            left = min(Self.capacity, left + Int(min(gained, Int64(Self.capacity))))
            refilled = now
        }
        left -= cost
        return left >= 0
    }

    mutating func credit(_ gain: Int) {
        left = min(Self.capacity, left + gain)
    }
}
