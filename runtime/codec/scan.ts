import { memory } from './arena.ts'
import { growLayout } from './layout.ts'
import { SCAN_MODULE } from './scan-module.ts'
import { Instance, Module } from './web-assembly.ts'

/** The scanner's answer when the TypeScript twin has to do the step again. Below every reason in failure.ts. */
export const REST = -128

interface Scanner {
  skipValue(pos: number, end: number): number
  skipPlainInteger(pos: number, end: number): number
  skipPlainString(pos: number, end: number): number
  findMember(table: number, pos: number, end: number): number
  nextMember(table: number, pos: number, end: number): number
}

const module = new Module(Buffer.from(SCAN_MODULE, 'base64'))
const scanner = new Instance(module, { arena: { memory, grow: growLayout } }).exports as Scanner

/** The functions of scan.wat, for positions in the arena. */
export const scanValue = scanner.skipValue
export const scanPlainInteger = scanner.skipPlainInteger
export const scanPlainString = scanner.skipPlainString
export const scanMember = scanner.findMember
export const scanNextMember = scanner.nextMember
