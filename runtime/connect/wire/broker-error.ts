import { brokerText } from './error-codes.ts'

/** `code`: of the protocol, or librdkafka's where it has one of its own; 0: neither. */
export interface BrokerError {
  readonly code: number
  readonly message: string
}

/** A broker has said no. */
export class BrokerRefusal extends Error implements BrokerError {
  readonly code: number

  constructor(code: number) {
    super(brokerText(code))
    this.code = code
  }
}
