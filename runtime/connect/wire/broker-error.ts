/** `code`: of the protocol, or librdkafka's where it has one of its own; 0: neither. */
export interface BrokerError {
  readonly code: number
  readonly message: string
}
