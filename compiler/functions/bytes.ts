import { BYTES, INT, TEXT } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import {
  defineFunction,
  signature,
  type ArgumentFault,
  type FunctionEntry,
  type RuntimeName
} from './entry.ts'
import type { Expr } from '../ir/index.ts'

const fails = { canFail: true }

/** A constant format that there is not. */
function checkFormat([, format]: readonly Expr[]): ArgumentFault | null {
  if (format?.kind !== 'Literal' || typeof format.value !== 'string') return null
  if (['hex', 'base64', 'escape'].includes(format.value.toLowerCase())) return null
  return {
    argument: 1,
    message: `there is no format '${format.value}'`,
    hint: "Write 'hex', 'base64' or 'escape'."
  }
}

function digest(name: RuntimeName, bits: number, example: string): FunctionEntry {
  return defineFunction({
    name,
    kind: 'function',
    signatures: [signature([BYTES], BYTES, calls(name))],
    cost: 60,
    doc: `The SHA-${bits} of the bytes.`,
    example
  })
}

export const bytesFunctions: readonly FunctionEntry[] = [
  digest('sha224', 224, "encode(sha224('abc'), 'hex')"),
  digest('sha256', 256, "encode(sha256('abc'), 'hex')"),
  digest('sha384', 384, "encode(sha384('abc'), 'hex')"),
  digest('sha512', 512, "encode(sha512('abc'), 'hex')"),
  defineFunction({
    name: 'encode',
    kind: 'function',
    signatures: [signature([BYTES, TEXT], TEXT, callsAtSite('encodeBytes'), fails)],
    cost: 10,
    check: checkFormat,
    doc: "Bytes as text: 'hex', 'base64' (in lines of 76 characters, as PostgreSQL), or 'escape'.",
    example: "encode('\\x0aff', 'hex') = '0aff'"
  }),
  defineFunction({
    name: 'decode',
    kind: 'function',
    signatures: [signature([TEXT, TEXT], BYTES, callsAtSite('decodeText'), fails)],
    cost: 10,
    check: checkFormat,
    doc: "The bytes of a text in 'hex', 'base64' or 'escape'; white space in the first two is left out.",
    example: "decode('0aff', 'hex') = '\\x0aff'"
  }),
  defineFunction({
    name: 'convert_from',
    kind: 'function',
    signatures: [signature([BYTES, TEXT], TEXT, callsAtSite('convertFrom'), fails)],
    cost: 6,
    doc: "Bytes that are text in an encoding, which has to be 'UTF8'.",
    example: "convert_from('\\x6b61', 'UTF8') = 'ka'"
  }),
  defineFunction({
    name: 'convert_to',
    kind: 'function',
    signatures: [signature([TEXT, TEXT], BYTES, callsAtSite('convertTo'), fails)],
    cost: 6,
    doc: "The bytes of a text in an encoding, which has to be 'UTF8'.",
    example: "convert_to('ka', 'UTF8') = '\\x6b61'"
  }),
  defineFunction({
    name: 'get_byte',
    kind: 'function',
    signatures: [signature([BYTES, INT], INT, callsAtSite('getByte'), fails)],
    doc: 'The byte at an index, from 0. Fails where there is none.',
    example: "get_byte('\\x0aff', 1) = 255"
  })
]
