import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChangelogFormat } from '../changelog/fold-changelog.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/nexmark')
const WATERMARK_SLOT = '/* watermark */'

/** What `fixture.json` says of a query. */
interface NexmarkOptions {
  readonly format: ChangelogFormat
  /** Its windows close behind a watermark of 4 seconds. */
  readonly watermark?: boolean
  /** How far a DOUBLE may be off, relative to it: sums of floating-point numbers depend on their order. */
  readonly tolerance?: number
  /** Only these sums are the same in every run. */
  readonly sum?: { readonly by: string; readonly of: string }
}

/** One of Nexmark's queries, in our dialect and for the batch engine. */
export interface NexmarkQuery extends NexmarkOptions {
  readonly name: string
  readonly directory: string
  /** The whole script: events, views, query. */
  readonly script: string
  readonly batch: string
}

/** q0 to q23. */
export function nexmarkQueries(): readonly NexmarkQuery[] {
  const numbers = readdirSync(FOLDER).flatMap(name => /^q(\d+)$/.exec(name)?.[1] ?? [])
  return numbers
    .map(Number)
    .toSorted((a, b) => a - b)
    .map(number => readNexmarkQuery(`q${number}`))
}

export function readNexmarkQuery(name: string): NexmarkQuery {
  const directory = join(FOLDER, name)
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8')
  const options = JSON.parse(read('fixture.json')) as NexmarkOptions
  const script = eventsScript(options.watermark ?? false) + read('script.sql')
  return { ...options, name, directory, script, batch: read('batch.sql') }
}

function eventsScript(watermark: boolean): string {
  const text = readFileSync(join(FOLDER, 'events.sql'), 'utf8')
  const line = ", WATERMARK FOR dateTime AS dateTime - INTERVAL '4' SECOND"
  return text.replace(WATERMARK_SLOT, watermark ? line : '')
}

/** Queries that the compiler refuses, with what it says. */
export type RefusedQueries = Readonly<Record<string, readonly string[]>>

export const REFUSED_FILE = 'refused.json'

export function readRefusedQueries(): RefusedQueries {
  return JSON.parse(readFileSync(join(FOLDER, REFUSED_FILE), 'utf8')) as RefusedQueries
}
