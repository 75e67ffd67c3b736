import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BatchEngine } from '../batch/batch-engine.ts'
import type { FixtureRecord } from '../records.ts'
import type { NexmarkInput } from './nexmark-input.ts'

const person = {
  ...{ id: 'BIGINT', name: 'TEXT', emailAddress: 'TEXT', creditCard: 'TEXT', city: 'TEXT' },
  ...{ state: 'TEXT', dateTime: 'TIMESTAMP', extra: 'TEXT' }
}
const auction = {
  ...{ id: 'BIGINT', itemName: 'TEXT', description: 'TEXT', initialBid: 'BIGINT' },
  ...{ reserve: 'BIGINT', dateTime: 'TIMESTAMP', expires: 'TIMESTAMP', seller: 'BIGINT' },
  ...{ category: 'BIGINT', extra: 'TEXT' }
}
const bid = {
  ...{ auction: 'BIGINT', bidder: 'BIGINT', price: 'BIGINT', channel: 'TEXT', url: 'TEXT' },
  ...{ dateTime: 'TIMESTAMP', extra: 'TEXT' }
}

/** A batch engine with the tables person, auction, bid and side_input, made of the very bytes that the pipelines read. */
export async function openNexmarkTables({ events, sideInput }: NexmarkInput): Promise<BatchEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-nexmark-'))
  try {
    const paths = { events: join(folder, 'events.jsonl'), sideInput: join(folder, 'side.jsonl') }
    writeLines(paths.events, events)
    writeLines(paths.sideInput, sideInput)
    return await loadNexmarkTables(paths.events, paths.sideInput)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The same of files with a JSON object per line. */
export async function loadNexmarkTables(events: string, sideInput: string): Promise<BatchEngine> {
  const engine = await BatchEngine.open()
  await engine.loadJson('event', events, {
    event_type: 'INTEGER',
    person: structOf(person),
    auction: structOf(auction),
    bid: structOf(bid)
  })
  for (const [type, table] of ['person', 'auction', 'bid'].entries()) {
    await engine.run(
      `CREATE TABLE ${table} AS SELECT unnest(${table}) FROM event WHERE event_type = ${type}`
    )
  }
  await engine.run('DROP TABLE event')
  await engine.loadJson('side_input', sideInput, { key: 'BIGINT', value: 'TEXT' })
  return engine
}

function writeLines(path: string, records: readonly FixtureRecord[]): void {
  writeFileSync(path, records.map(({ value }) => `${Buffer.from(value!).toString()}\n`).join(''))
}

function structOf(columns: Readonly<Record<string, string>>): string {
  const fields = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`)
  return `STRUCT(${fields.join(', ')})`
}
