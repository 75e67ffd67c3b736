/** A client that does not keep to the protocol: it is told so, and its connection ends. */
export class ProtocolError extends Error {
  readonly sqlState: string

  /** `sqlState`: 08P01, protocol_violation, unless something else says more. */
  constructor(message: string, sqlState = '08P01') {
    super(message)
    this.sqlState = sqlState
  }
}
