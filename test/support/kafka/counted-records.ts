import type { ReadRecord, TestRecord } from './client.ts'

/** Records with the ids [from, to), spread over keys, so that a test can tell what is missing and what came twice. */
export function countedRecords(from: number, to: number): TestRecord[] {
  return Array.from({ length: to - from }, (_, i) => ({
    key: `${(from + i) % 100}`,
    value: JSON.stringify({ id: from + i, amount: 901 })
  }))
}

export function idsOf(records: readonly ReadRecord[]): number[] {
  return records.map(({ value }) => (JSON.parse(value!) as { readonly id: number }).id)
}
