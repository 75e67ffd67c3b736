import { createHash } from 'node:crypto'
import { fromEscape, fromHex, fromLooseBase64, toBase64, toEscape, toHex } from '../bytes.ts'
import { Failure } from '../failure.ts'
import type { FunctionTwin, Twins } from './entry.ts'

const digest = (algorithm: string): FunctionTwin => ({
  evaluate: ([bytes]: readonly [Uint8Array]) =>
    Uint8Array.from(createHash(algorithm).update(bytes).digest())
})

function encode([bytes, format]: readonly [Uint8Array, string]): string {
  switch (format.toLowerCase()) {
    case 'hex':
      return toHex(bytes)
    case 'escape':
      return toEscape(bytes)
    case 'base64':
      return (toBase64(bytes).match(/.{1,76}/g) ?? []).join('\n')
    default:
      throw new Failure('invalid-format', format)
  }
}

function decode([text, format]: readonly [string, string]): Uint8Array {
  switch (format.toLowerCase()) {
    case 'hex':
      return fromHex(text)
    case 'escape':
      return fromEscape(text)
    case 'base64': {
      const bytes = fromLooseBase64(text)
      if (bytes === null) throw new Failure('invalid-cast', text)
      return bytes
    }
    default:
      throw new Failure('invalid-format', format)
  }
}

function checkEncoding(encoding: string): void {
  if (!['utf8', 'utf-8'].includes(encoding.toLowerCase())) {
    throw new Failure('invalid-format', encoding)
  }
}

export const bytesTwins: Twins = {
  sha224: digest('sha224'),
  sha256: digest('sha256'),
  sha384: digest('sha384'),
  sha512: digest('sha512'),
  encode: { evaluate: encode },
  decode: { evaluate: decode },
  convert_from: {
    evaluate: ([bytes, encoding]: readonly [Uint8Array, string]) => {
      checkEncoding(encoding)
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
      } catch {
        throw new Failure('invalid-cast', 'no UTF-8')
      }
    }
  },
  convert_to: {
    evaluate: ([text, encoding]: readonly [string, string]) => {
      checkEncoding(encoding)
      return new TextEncoder().encode(text)
    }
  },
  get_byte: {
    evaluate: ([bytes, index]: readonly [Uint8Array, bigint]) => {
      const byte = bytes[Number(index)]
      if (byte === undefined) throw new Failure('out-of-range', String(index))
      return BigInt(byte)
    }
  }
}
