internal import CYAML

/// What libyaml finds next in a text.
struct YAMLEvent {
    enum Content {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, tag: String?, isPlain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    var content: Content
    var anchor: String?
    /// Counted from 1.
    var line: Int
}

/// Pulls events out of libyaml. Owns the parser and the text that it reads.
struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>
    private let isReady: Bool

    init(_ bytes: [UInt8]) {
        parser = .allocate(capacity: 1)
        text = .allocate(capacity: max(bytes.count, 1))
        _ = text.initialize(from: bytes)
        isReady = yaml_parser_initialize(parser) == 1
        if isReady { yaml_parser_set_input_string(parser, text.baseAddress, bytes.count) }
    }

    deinit {
        if isReady { yaml_parser_delete(parser) }
        parser.deallocate()
        text.deallocate()
    }

    mutating func next() throws(YAMLError) -> YAMLEvent {
        guard isReady else { throw YAMLError("out of memory", line: 0) }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        let line = Int(event.start_mark.line) + 1
        func make(_ content: YAMLEvent.Content, anchor: UnsafeMutablePointer<yaml_char_t>? = nil) -> YAMLEvent
        {
            YAMLEvent(content: content, anchor: Self.string(anchor), line: line)
        }
        switch event.type {
        case YAML_STREAM_START_EVENT: return make(.streamStart)
        case YAML_DOCUMENT_START_EVENT: return make(.documentStart)
        case YAML_DOCUMENT_END_EVENT: return make(.documentEnd)
        case YAML_ALIAS_EVENT: return make(.alias(Self.string(event.data.alias.anchor) ?? ""))
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return make(
                .scalar(
                    String(decoding: bytes, as: UTF8.self), tag: Self.string(scalar.tag),
                    isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE), anchor: scalar.anchor)
        case YAML_SEQUENCE_START_EVENT: return make(.sequenceStart, anchor: event.data.sequence_start.anchor)
        case YAML_SEQUENCE_END_EVENT: return make(.sequenceEnd)
        case YAML_MAPPING_START_EVENT: return make(.mappingStart, anchor: event.data.mapping_start.anchor)
        case YAML_MAPPING_END_EVENT: return make(.mappingEnd)
        default: return make(.streamEnd)
        }
    }

    private var failure: YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unknown problem parsing YAML"
        return YAMLError(problem, line: Int(parser.pointee.problem_mark.line) + 1)
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: UnsafePointer($0)) }
    }
}
