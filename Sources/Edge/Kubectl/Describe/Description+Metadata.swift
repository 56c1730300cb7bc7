internal import EdgeAPI
internal import EdgeJSON

/// Parts that the descriptions of many kinds share.
extension Description {
    private static let maximumAnnotation = 140

    /// `Labels:` with one pair a line, in order.
    mutating func labels(_ title: String, _ labels: JSONValue?, indent: String = "") {
        let members = labels?.object?.sortedMembers ?? []
        lines("\(indent)\(title)", members.map { "\($0.key)=\($0.value.string ?? "")" }, indent: indent)
    }

    /// A title with values below each other in the next column, `<none>` where there are none.
    mutating func lines(_ title: String, _ values: [String], indent: String = "") {
        write("\(title):\t")
        if values.isEmpty { write("<none>\n") }
        for (index, value) in values.enumerated() {
            if index > 0 { write("\(indent)\t") }
            write("\(value)\n")
        }
    }

    mutating func annotations(_ title: String, _ annotations: JSONValue?) {
        let members = (annotations?.object?.sortedMembers ?? []).filter { $0.key != LastApplied.key }
        write("\(title):\t")
        if members.isEmpty { write("<none>\n") }
        for (index, member) in members.enumerated() {
            if index > 0 { write("\t") }
            var value = member.value.string ?? ""
            if value.hasSuffix("\n") { value.removeLast() }
            let isLong = value.utf8.count + member.key.utf8.count + 2 > Self.maximumAnnotation
            guard isLong || value.contains("\n") else {
                write("\(member.key): \(value)\n")
                continue
            }
            write("\(member.key):\n")
            for line in value.split(separator: "\n", omittingEmptySubsequences: false) {
                write("\t  \(Self.shortened(String(line), Self.maximumAnnotation - 2))\n")
            }
        }
    }

    private static func shortened(_ text: String, _ limit: Int) -> String {
        text.utf8.count > limit ? String(decoding: text.utf8.prefix(limit), as: UTF8.self) + "..." : text
    }

    /// Name, namespace, labels and annotations, as most descriptions begin.
    mutating func head(_ object: APIObject) {
        field(0, "Name", object.name)
        field(0, "Namespace", object.namespace)
        metadata(object)
    }

    mutating func metadata(_ object: APIObject) {
        labels("Labels", object[path: "metadata", "labels"])
        annotations("Annotations", object[path: "metadata", "annotations"])
    }

    mutating func controlledBy(_ object: APIObject) {
        if let owner = object.controllerReference { field(0, "Controlled By", "\(owner.kind)/\(owner.name)") }
    }

    mutating func tolerations(_ title: String, _ tolerations: JSONValue?) {
        let sorted = (tolerations?.array ?? []).enumerated().sorted { left, right in
            (left.element["key"]?.string ?? "", left.offset) < (
                right.element["key"]?.string ?? "", right.offset
            )
        }
        lines(title, sorted.map { Self.toleration($0.element) })
    }

    private static func toleration(_ toleration: JSONValue) -> String {
        let key = toleration["key"]?.string ?? ""
        let value = toleration["value"]?.string ?? ""
        let effect = toleration["effect"]?.string ?? ""
        var text = key
        if !value.isEmpty { text += "=\(value)" }
        if !effect.isEmpty { text += ":\(effect)" }
        if toleration["operator"]?.string == "Exists", value.isEmpty {
            text += key.isEmpty && effect.isEmpty ? "op=Exists" : " op=Exists"
        }
        if let seconds = toleration["tolerationSeconds"]?.int { text += " for \(seconds)s" }
        return text
    }

    /// `Conditions:` with type, status and reason.
    mutating func conditions(_ object: APIObject) {
        guard let conditions = object[path: "status", "conditions"]?.array, !conditions.isEmpty else {
            return
        }
        line(0, "Conditions:")
        line(1, "Type\tStatus\tReason")
        line(1, "----\t------\t------")
        for condition in conditions {
            line(
                1,
                "\(condition["type"]?.string ?? "") \t\(condition["status"]?.string ?? "")\t"
                    + "\(condition["reason"]?.string ?? "")")
        }
    }
}
