import { arenaHasRoom, memory, reserveBytes } from './arena.ts'

/** What stands before a table: where what the scanner knows of the records' layout begins and ends. */
export const TABLE_HEAD_BYTES = 16
/** That is laid out as scan.wat says: 16 bytes, then entries. */
const HEAD_BYTES = 16
const ENTRY_BYTES = 48
const FEWEST = 64
/** Of records with more members some are always parsed: beyond this comparing is hardly cheaper. */
const MOST = 1024
const TIMES = 4

/** Before the table at an address: room for as many entries as most topics need. */
export function makeLayout(table: number): void {
  place(table, FEWEST)
}

/** Called by the scanner where records have more members than there are entries. */
export function growLayout(table: number): void {
  const [start, end] = new Uint32Array(memory.buffer, table - TABLE_HEAD_BYTES, 2)
  const entries = (TIMES * (end! - start! - HEAD_BYTES)) / ENTRY_BYTES
  if (entries <= MOST && arenaHasRoom(sizeOf(entries))) place(table, entries)
}

function place(table: number, entries: number): void {
  const start = reserveBytes(sizeOf(entries))
  new Uint32Array(memory.buffer, table - TABLE_HEAD_BYTES, 2).set([start, start + sizeOf(entries)])
}

function sizeOf(entries: number): number {
  return HEAD_BYTES + entries * ENTRY_BYTES
}
