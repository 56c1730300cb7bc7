public import EdgeJSON

/// What a command of the same host asks a running edge for, over `<run-dir>/edge.sock`: one message of JSON.
public struct ControlRequest: Sendable {
    public let command: String
    public let arguments: JSONValue

    public init(_ command: String, _ arguments: JSONValue = [:]) {
        self.command = command
        self.arguments = arguments
    }

    var encoded: [UInt8] {
        JSONValue.object(["version": 1, "command": .string(command), "arguments": arguments]).encoded
    }

    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONParser.parse(bytes), let command = value["command"]?.string else {
            return nil
        }
        self.init(command, value["arguments"] ?? [:])
    }
}

/// What comes back: any number of items, then one end.
public enum ControlReply: Sendable, Equatable {
    case item(JSONValue)
    case done(JSONValue)
    case failed(String)

    var encoded: [UInt8] {
        let value: JSONValue =
            switch self {
            case .item(let value): ["item": value]
            case .done(let value): ["done": value]
            case .failed(let text): ["failed": .string(text)]
            }
        return value.encoded
    }

    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONParser.parse(bytes) else { return nil }
        if let item = value["item"] {
            self = .item(item)
        } else if let done = value["done"] {
            self = .done(done)
        } else if let text = value["failed"]?.string {
            self = .failed(text)
        } else {
            return nil
        }
    }
}

/// Why a running edge could not be asked, or what it answered instead of a result.
public struct ControlError: Error, CustomStringConvertible, Equatable {
    public enum Code: Sendable {
        /// Nobody listens.
        case notRunning
        /// The other side refused or failed.
        case refused
    }

    public let code: Code
    public let description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
