import type { RecordHeader } from '../contract/index.ts'
import type { LetterFilter } from './options.ts'

const PREFIX = 'miracledb.error.'
/** Where a record was written back from, and when. */
export const REPLAYED = 'miracledb.replayed'

/** A record that somebody could not use, with what its headers say of that. */
export interface DeadLetter {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** When it became one, in ms since the epoch. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** The record's own. */
  readonly headers: readonly RecordHeader[]
  /** What was wrong, by the names of headers without their beginning. */
  readonly error: Readonly<Record<string, string>>
}

/** Its own headers apart from those that say what was wrong: the last of each name, as the pipeline writes them behind. */
export function splitHeaders(all: readonly RecordHeader[]): Pick<DeadLetter, 'headers' | 'error'> {
  const error: Record<string, string> = Object.create(null)
  for (const { key, value } of all) {
    if (key.startsWith(PREFIX)) error[key.slice(PREFIX.length)] = String(Buffer.from(value ?? []))
  }
  return { headers: all.filter(({ key }) => !key.startsWith(PREFIX)), error }
}

/** Why a letter can't be written back; null: it can. */
export function whyNot({ error }: DeadLetter): string | null {
  if (error['topic'] === undefined) return 'it does not say which topic it is of'
  // A row that was derived from records is nothing that a topic has given.
  if (error['sink'] === undefined && error['offset'] === undefined) {
    return 'it is a row of a table or a group, not a record of a topic'
  }
  return null
}

export function isWanted(letter: DeadLetter, filter: LetterFilter): boolean {
  const { code, source, partition, firstOffset, lastOffset, since, until } = filter
  const { error, offset, timestamp } = letter
  return (
    (code === null || error['code'] === code) &&
    (source === null || error['source'] === source || error['sink'] === source) &&
    (partition === null || letter.partition === partition) &&
    (firstOffset === null || offset >= firstOffset) &&
    (lastOffset === null || offset <= lastOffset) &&
    (since === null || timestamp >= since) &&
    (until === null || timestamp <= until)
  )
}
