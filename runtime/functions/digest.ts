import { hash, randomUUID } from 'node:crypto'
import type { BigIntValue } from './bigint.ts'

/** The MD5 of the text's UTF-8, as hexadecimal digits. */
export function md5(text: string): string {
  return hash('md5', text, 'hex')
}

/** Hexadecimal digits; a negative number as the 32 bits that hold it. */
export function intToHex(value: number): string {
  return (value >>> 0).toString(16)
}

/** Hexadecimal digits; a negative number as the 64 bits that hold it. */
export function bigIntToHex(value: BigIntValue): string {
  return BigInt.asUintN(64, BigInt(value)).toString(16)
}

/** A UUID of version 4. */
export function randomUuid(): string {
  return randomUUID()
}
