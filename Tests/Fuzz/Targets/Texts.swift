internal import EdgeAPI
internal import EdgeBase
internal import EdgeTransport

/// Short texts of paths, parameters and fields.
enum Texts {
    static func labelSelector(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let selector = try? LabelSelector(parsing: bytes.text) else { return }
        let text = selector.description
        let again = try? LabelSelector(parsing: text)
        try FuzzFailure.unless(
            again?.description == text, "\(text) is read as \(again?.description ?? "nothing")")
        let labels = ["app": "web", "tier": "1"]
        try FuzzFailure.unless(
            again?.matches(labels) == selector.matches(labels), "\(text) matches differently")
    }

    static func fieldSelector(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let selector = try? FieldSelector(parsing: bytes.text) else { return }
        _ = selector.matches { $0 == "metadata.name" ? "web" : "" }
    }

    static func quantity(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let quantity = try? Quantity(bytes.text) else { return }
        let text = "\(quantity)"
        let again = try? Quantity(text)
        try FuzzFailure.unless(
            again == quantity && "\(again ?? quantity)" == text, "\(bytes.text) is written as \(text)")
    }

    static func timestamp(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let timestamp = Timestamp(rfc3339: bytes.text) else { return }
        let again = Timestamp(rfc3339: timestamp.rfc3339)
        try FuzzFailure.unless(
            again?.rfc3339 == timestamp.rfc3339, "\(bytes.text) is written as \(timestamp.rfc3339)")
    }

    static func url(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let url = HTTPURL(bytes.text) else { return }
        try FuzzFailure.unless(HTTPURL(url.description) == url, "\(url) is read differently")
        _ = url.resolving("../a?b=c")
        _ = HTTPURL("https://host/base/")?.resolving(bytes.text)
    }

    static func requestTarget(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let target = HTTPTarget(bytes[...]) else { return }
        try FuzzFailure.unless(target.query.count <= HTTPTarget.maximumQueryItems, "too many query items")
        try FuzzFailure.unless(
            target.segments.first != "" && target.segments.last != "", "\(bytes.text) has an empty end")
    }
}
