import { hash } from 'node:crypto'
import * as sql from '../sql/bytes.ts'
import { failure } from '../sql/failure.ts'
import { ValueError } from '../sql/value-error.ts'
import { atSite } from './at-site.ts'
import { wrongKind } from './cast-from-json.ts'
import { unquoteJson } from './json.ts'

export function textToBytes(text: string, site: number): Uint8Array {
  try {
    return sql.parseBytes(text)
  } catch (error) {
    throw atSite(error, site)
  }
}

export function bytesToText(bytes: Uint8Array): string {
  return sql.formatBytes(bytes)
}

/** A JSON string holds base64, as in a BYTES column. */
export function jsonToBytes(json: string, site: number): Uint8Array {
  const bytes = json[0] === '"' ? sql.bytesFromBase64(unquoteJson(json)) : null
  if (bytes === null) throw wrongKind(json, 'base64', site)
  return bytes
}

export function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([a, b]))
}

export function sha224(bytes: Uint8Array): Uint8Array {
  return digest('sha224', bytes)
}
export function sha256(bytes: Uint8Array): Uint8Array {
  return digest('sha256', bytes)
}
export function sha384(bytes: Uint8Array): Uint8Array {
  return digest('sha384', bytes)
}
export function sha512(bytes: Uint8Array): Uint8Array {
  return digest('sha512', bytes)
}
/** md5 of bytes, as hexadecimal text. */
export function md5Bytes(bytes: Uint8Array): string {
  return hash('md5', bytes, 'hex')
}

function digest(algorithm: string, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash(algorithm, bytes, 'buffer'))
}

/** encode(bytes, 'hex' | 'base64' | 'escape'). PostgreSQL breaks base64 into lines of 76 characters. */
export function encodeBytes(bytes: Uint8Array, format: string, site: number): string {
  try {
    switch (format.toLowerCase()) {
      case 'hex':
        return sql.bytesToHex(bytes)
      case 'base64':
        return sql.bytesToBase64(bytes).replace(/.{76}(?!$)/g, '$&\n')
      case 'escape':
        return sql.bytesToEscape(bytes)
      default:
        throw unknownFormat(format)
    }
  } catch (error) {
    throw atSite(error, site)
  }
}

/** decode(text, 'hex' | 'base64' | 'escape'). */
export function decodeText(text: string, format: string, site: number): Uint8Array {
  try {
    switch (format.toLowerCase()) {
      case 'hex':
        return sql.bytesFromHex(text)
      case 'base64': {
        const bytes = sql.bytesFromLooseBase64(text)
        if (bytes === null) throw new ValueError('invalid-cast', 'the text is not base64')
        return bytes
      }
      case 'escape':
        return sql.bytesFromEscape(text)
      default:
        throw unknownFormat(format)
    }
  } catch (error) {
    throw atSite(error, site)
  }
}

function unknownFormat(format: string): ValueError {
  return new ValueError('invalid-format', `there is no format ${JSON.stringify(format)} of bytes`)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** convert_from(bytes, 'UTF8'). */
export function convertFrom(bytes: Uint8Array, encoding: string, site: number): string {
  try {
    checkEncoding(encoding)
    try {
      return utf8.decode(bytes)
    } catch {
      throw new ValueError('invalid-cast', 'the bytes are not UTF-8')
    }
  } catch (error) {
    throw atSite(error, site)
  }
}

/** convert_to(text, 'UTF8'). */
export function convertTo(text: string, encoding: string, site: number): Uint8Array {
  try {
    checkEncoding(encoding)
    return new Uint8Array(Buffer.from(text))
  } catch (error) {
    throw atSite(error, site)
  }
}

function checkEncoding(encoding: string): void {
  if (/^utf-?8$/i.test(encoding)) return
  throw new ValueError('invalid-format', 'texts are in UTF8 only')
}

/** substring(bytes, start): positions count from 1. */
export function sliceBytesFrom(bytes: Uint8Array, start: number): Uint8Array {
  return bytes.slice(Math.max(start - 1, 0))
}

/** substring(bytes, start, count): positions before the first count as if they were there. */
export function sliceBytes(
  bytes: Uint8Array,
  start: number,
  count: number,
  site: number
): Uint8Array {
  try {
    if (count < 0) throw new ValueError('negative-length', 'substring has a negative length')
    return bytes.slice(Math.max(start - 1, 0), Math.max(start - 1 + count, 0))
  } catch (error) {
    throw atSite(error, site)
  }
}

/** Where the second stands in the first, from 1; 0 if nowhere. */
export function positionOfBytes(bytes: Uint8Array, part: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(part) + 1
}

/** get_byte: the byte at an index from 0. */
export function getByte(bytes: Uint8Array, index: number, site: number): number {
  const byte = index < 0 ? undefined : bytes[index]
  if (byte === undefined) throw failure(site, 'out-of-range', `there is no byte ${index}`)
  return byte
}
