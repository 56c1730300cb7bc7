internal import EdgeJSON

extension Secret {
    /// The values as bytes; those that are not Base64 are left out.
    public var decodedData: [String: [UInt8]] { data.compactMapValues(Base64.decode) }
}

extension ConfigMap {
    /// The binary values as bytes; those that are not Base64 are left out.
    public var decodedBinaryData: [String: [UInt8]] { binaryData.compactMapValues(Base64.decode) }
}
