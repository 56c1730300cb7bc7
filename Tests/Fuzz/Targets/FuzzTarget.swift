internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// A parser that must stand any input, and what must hold of everything that it accepts.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case json, yaml, protobuf, base64
    case jsonPatch, mergePatch, strategicMerge
    case expression, regularExpression
    case labelSelector, fieldSelector, quantity, timestamp
    case url, requestTarget

    /// Throws when an accepted input breaks a law; an input that is refused is fine.
    public func run(_ bytes: [UInt8]) throws(FuzzFailure) {
        switch self {
        case .json: try Documents.json(bytes)
        case .yaml: try Documents.yaml(bytes)
        case .protobuf: try Documents.protobuf(bytes)
        case .base64: try Documents.base64(bytes)
        case .jsonPatch: try Patches.jsonPatch(bytes)
        case .mergePatch: try Patches.mergePatch(bytes)
        case .strategicMerge: try Patches.strategicMerge(bytes)
        case .expression: try Expressions.expression(bytes)
        case .regularExpression: try Expressions.regularExpression(bytes)
        case .labelSelector: try Texts.labelSelector(bytes)
        case .fieldSelector: try Texts.fieldSelector(bytes)
        case .quantity: try Texts.quantity(bytes)
        case .timestamp: try Texts.timestamp(bytes)
        case .url: try Texts.url(bytes)
        case .requestTarget: try Texts.requestTarget(bytes)
        }
    }
}

/// A law that an input has broken.
public struct FuzzFailure: Error, CustomStringConvertible {
    public let description: String

    static func unless(_ holds: Bool, _ law: @autoclosure () -> String) throws(FuzzFailure) {
        guard holds else { throw FuzzFailure(description: law()) }
    }
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }

    /// An input of several parts, which a line with `---` divides.
    var parts: [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        for line in split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.elementsEqual("---".utf8) {
                parts.append([])
            } else {
                parts[parts.count - 1] += line + [UInt8(ascii: "\n")]
            }
        }
        return parts
    }
}
