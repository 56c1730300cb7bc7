/// Why a strategic merge patch cannot be applied or computed, in Kubernetes' words.
public struct StrategicMergeError: Error, Equatable, CustomStringConvertible {
    /// 400 for a patch that is malformed in itself, else 422.
    public let code: Int
    public let description: String

    static func malformed(_ description: String) -> Self { Self(code: 400, description: description) }
    static func unprocessable(_ description: String) -> Self { Self(code: 422, description: description) }

    static let primitiveList = malformed("invalid patch format of primitive list")
    static let retainKeys = malformed("invalid patch format of retainKeys")
    static let setElementOrder = malformed("invalid patch format of setElementOrder list")
    static let listOfLists = unprocessable("lists of lists are not supported")

    static func noMergeKey(_ element: String, _ key: String) -> Self {
        unprocessable("map: \(element) does not contain declared merge key: \(key)")
    }
}
