import type { Api, BrokerAddress } from './broker-connection.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

export const FIND_COORDINATOR: Api = {
  name: 'FindCoordinator',
  key: 10,
  version: 3,
  isFlexible: true
}

/** Whom a broker may coordinate, by their numbers in the protocol. */
export const COORDINATED = { group: 0, transaction: 1 } as const

export function writeFindCoordinator(
  body: WireWriter,
  kind: keyof typeof COORDINATED,
  name: string
): void {
  body.compactString(name).int8(COORDINATED[kind]).noTags()
}

/** A number: the broker does not tell, with this error code. */
export function readFindCoordinator(body: WireReader): BrokerAddress | number {
  body.int32()
  const error = body.int16()
  if (error !== 0) return error
  // The message, the node.
  body.compactString()
  body.int32()
  return { host: body.compactString() ?? '', port: body.int32() }
}
