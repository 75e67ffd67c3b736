import { BIGINT, BYTES, INT } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

const fails = { canFail: true }

export const bitFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'set_byte',
    kind: 'function',
    signatures: [signature([BYTES, INT, INT], BYTES, callsAtSite('setByte'), fails)],
    cost: 3,
    doc: 'The bytes with the one at an index, from 0, replaced by the lowest 8 bits of the third argument.',
    example: "set_byte('\\x0aff', 1, 64) = '\\x0a40'"
  }),
  defineFunction({
    name: 'get_bit',
    kind: 'function',
    signatures: [signature([BYTES, BIGINT], INT, callsAtSite('getBit'), fails)],
    cost: 2,
    doc: 'The bit at an index, from 0; the lowest of each byte comes first.',
    example: "get_bit('\\x1234567890', 30) = 1"
  }),
  defineFunction({
    name: 'set_bit',
    kind: 'function',
    signatures: [signature([BYTES, BIGINT, INT], BYTES, callsAtSite('setBit'), fails)],
    cost: 3,
    doc: 'The bytes with the bit at an index, from 0, set to 0 or 1.',
    example: "set_bit('\\x1234567890', 30, 0) = '\\x1234563890'"
  }),
  defineFunction({
    name: 'bit_count',
    kind: 'function',
    signatures: [signature([BYTES], BIGINT, calls('bitCount'))],
    cost: 5,
    doc: 'How many bits are 1.',
    example: "bit_count('\\x1234') = 5"
  }),
  defineFunction({
    name: 'crc32',
    kind: 'function',
    signatures: [signature([BYTES], BIGINT, calls('crc32'))],
    cost: 10,
    doc: 'The CRC-32 of the bytes, as in zip files.',
    example: "crc32('123456789') = 3421780262"
  }),
  defineFunction({
    name: 'crc32c',
    kind: 'function',
    signatures: [signature([BYTES], BIGINT, calls('crc32c'))],
    cost: 10,
    doc: "The CRC-32C (Castagnoli) of the bytes, as in Kafka's records.",
    example: "crc32c('123456789') = 3808858755"
  })
]
