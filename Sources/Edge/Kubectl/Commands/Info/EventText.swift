internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// What `events` and `describe` say about Events.
enum EventText {
    /// `3m (x2 over 5m)`
    static func interval(_ event: APIObject, now: Timestamp) -> String {
        let time = event["eventTime"]?.string
        let first = HumanDuration.since(time ?? event["firstTimestamp"]?.string, now: now)
        if let series = event["series"], !series.isNull {
            let last = HumanDuration.since(series["lastObservedTime"]?.string, now: now)
            return "\(last) (x\(series["count"]?.int ?? 0) over \(first))"
        }
        if let count = event["count"]?.int, count > 1 {
            return
                "\(HumanDuration.since(event["lastTimestamp"]?.string, now: now)) (x\(count) over \(first))"
        }
        return first
    }

    /// The oldest first.
    static func sorted(_ events: [APIObject]) -> [APIObject] {
        func time(_ event: APIObject) -> String {
            event.json["series"]?["lastObservedTime"]?.string ?? event["lastTimestamp"]?.string
                ?? event["eventTime"]?.string ?? event["firstTimestamp"]?.string ?? ""
        }
        return events.enumerated().sorted { left, right in
            (time(left.element), left.offset) < (time(right.element), right.offset)
        }.map(\.element)
    }
}
