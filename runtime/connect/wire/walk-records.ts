import { arenaBytes, memory, reserveBytes } from '../../codec/arena.ts'
import { Instance, Module } from '../../codec/web-assembly.ts'
import type { RecordColumns } from './record-columns.ts'
import type { RecordRun } from './record-run.ts'
import { WALK_RECORDS_MODULE } from './walk-records-module.ts'
import { walkSlowly } from './walk-slowly.ts'

interface Walker {
  readonly next: { readonly value: number }
  readonly left: { readonly value: number }
  readonly bytes: { value: number }
  readonly utf8: { value: number }
  /** Answers the number of rows in the columns now; -1: the bytes are no records. */
  walk(
    pos: number,
    end: number,
    count: number,
    baseOffset: number,
    baseTime: number,
    from: number,
    columns: number,
    capacity: number,
    row: number,
    rows: number
  ): number
  makeCrcTables(tables: number): void
  crc32c(tables: number, pos: number, end: number, crc: number): number
}

const TABLE_BYTES = 16 * 256 * 4

const module = new Module(Buffer.from(WALK_RECORDS_MODULE, 'base64'))
const walker = new Instance(module, { arena: { memory } }).exports as Walker
const tables = reserveBytes(TABLE_BYTES)
walker.makeCrcTables(tables)

/** CRC-32C, from one part of the bytes to the next, all in the arena: it starts with -1, and ends inverted. */
export function crcStep(crc: number, pos: number, end: number): number {
  return walker.crc32c(tables, pos, end, crc)
}

/**
 * Puts the records of a run into columns, up to `rows` of them, and moves the run on. Records before the offset `from` are left out.
 * A record of format 2, as https://kafka.apache.org/documentation/#record has it; numbers are zigzag varints, a length of -1: null:
 *
 *     length, attributes (1 byte), timestamp delta, offset delta, key length, key, value length, value, headers
 *
 * False: the bytes are no such records.
 */
export function walkRecords(
  run: RecordRun,
  from: number,
  columns: RecordColumns,
  rows: number
): boolean {
  if (run.bytes !== arenaBytes || !columns.isInArena) return walkSlowly(run, from, columns, rows)
  const { pos, end, left, baseOffset, baseTime } = run
  const { address, capacity, count } = columns
  walker.bytes.value = 0
  walker.utf8.value = 1
  const walked = walker.walk(
    ...([pos, end, left, baseOffset, baseTime, from] as const),
    ...([address, capacity, count, rows] as const)
  )
  if (walked < 0) return false
  run.pos = walker.next.value
  run.left = walker.left.value
  columns.count = walked
  columns.size += walker.bytes.value
  columns.utf8 &&= walker.utf8.value === 1
  return true
}
