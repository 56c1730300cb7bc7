internal import CYAML

/// Writes values through libyaml's emitter, which go-yaml is a port of: the same quoting, folding of long
/// lines and indentation.
struct YAMLEmitter: ~Copyable {
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let output: UnsafeMutablePointer<[UInt8]>
    private let isReady: Bool

    init() {
        emitter = .allocate(capacity: 1)
        output = .allocate(capacity: 1)
        output.initialize(to: [])
        isReady = yaml_emitter_initialize(emitter) == 1
        guard isReady else { return }
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_output(
            emitter,
            { target, bytes, count in
                guard let target else { return 0 }
                target.assumingMemoryBound(to: [UInt8].self).pointee
                    .append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            }, output)
    }

    deinit {
        if isReady { yaml_emitter_delete(emitter) }
        emitter.deallocate()
        output.deinitialize(count: 1)
        output.deallocate()
    }

    mutating func document(_ value: JSONValue) -> [UInt8] {
        guard isReady else { return [] }
        send { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
        send { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
        emit(value)
        send { yaml_document_end_event_initialize(&$0, 1) }
        send { yaml_stream_end_event_initialize(&$0) }
        // libyaml ends a document behind an open block with `...`, which go-yaml leaves out.
        let end = Array("\n...\n".utf8)
        if output.pointee.suffix(end.count).elementsEqual(end) { output.pointee.removeLast(4) }
        return output.pointee
    }

    /// libyaml frees the event whether or not it could emit it.
    private func send(_ initialize: (inout yaml_event_t) -> Int32) {
        var event = yaml_event_t()
        if initialize(&event) == 1 { _ = yaml_emitter_emit(emitter, &event) }
    }

    private func emit(_ value: JSONValue) {
        switch value {
        case .null: scalar("null", YAML_PLAIN_SCALAR_STYLE)
        case .bool(let flag): scalar(flag ? "true" : "false", YAML_PLAIN_SCALAR_STYLE)
        case .int(let number): scalar(String(number), YAML_PLAIN_SCALAR_STYLE)
        case .double(let number): scalar(DoubleText.shortest(number), YAML_PLAIN_SCALAR_STYLE)
        case .string(let text): scalar(text, Self.style(of: text))
        case .array(let elements):
            send { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE) }
            for element in elements { emit(element) }
            send { yaml_sequence_end_event_initialize(&$0) }
        case .object(let object):
            send { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
            for member in object.members {
                scalar(member.key, Self.style(of: member.key))
                emit(member.value)
            }
            send { yaml_mapping_end_event_initialize(&$0) }
        }
    }

    private func scalar(_ text: String, _ style: yaml_scalar_style_t) {
        var text = text
        text.withUTF8 { bytes in
            send {
                yaml_scalar_event_initialize(
                    &$0, nil, nil, bytes.baseAddress, Int32(bytes.count), 1, 1, style)
            }
        }
    }

    /// A text that would read back as something else is quoted; lines are kept in a literal block. Where a
    /// plain text is not possible for other reasons, libyaml quotes it by itself.
    private static func style(of text: String) -> yaml_scalar_style_t {
        if text.utf8.contains(UInt8(ascii: "\n")) { return YAML_LITERAL_SCALAR_STYLE }
        switch YAMLScalar.kind(of: text) {
        case .text where text != "<<" && !isBase60(text): return YAML_PLAIN_SCALAR_STYLE
        default: return YAML_DOUBLE_QUOTED_SCALAR_STYLE
        }
    }

    /// `1:30`, which YAML 1.1 reads as ninety.
    private static func isBase60(_ text: String) -> Bool {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        guard parts.count > 1, var first = parts.popFirst() else { return false }
        if first.hasPrefix("+") || first.hasPrefix("-") { first = first.dropFirst() }
        guard let digit = first.utf8.first, digit &- 48 < 10, isDigits(first, allowingUnderscores: true)
        else {
            return false
        }
        guard var last = parts.popLast() else { return false }
        if let point = last.firstIndex(of: ".") {
            guard isDigits(last[last.index(after: point)...], allowingUnderscores: true) else { return false }
            last = last[..<point]
        }
        return (parts + [last]).allSatisfy { part in
            (1...2).contains(part.utf8.count) && isDigits(part, allowingUnderscores: false)
                && (part.utf8.count == 1 || part < "6")
        }
    }

    private static func isDigits(_ text: Substring, allowingUnderscores: Bool) -> Bool {
        text.utf8.allSatisfy { $0 &- 48 < 10 || allowingUnderscores && $0 == UInt8(ascii: "_") }
    }
}
