import { expectedLookups, lookupsScript, remaindersScript } from '../../data/lookups.ts'
import { expectedScores, type ScoreKind, scoresScript } from '../../data/scores.ts'
import { user, USERS } from '../../data/users.ts'
import { type Delivery, expectedVerdicts, verdictsScript } from '../../data/verdicts.ts'
import {
  closedWindows,
  DELAY,
  MINUTE,
  openWindows,
  sumWindows,
  type WindowKey,
  windowsScript
} from '../../data/windows.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import type { Work } from '../../harness/measure-run.ts'
import { verifyLookups } from '../../harness/verify-lookups.ts'
import { verifyScores } from '../../harness/verify-scores.ts'
import { verifyVerdicts } from '../../harness/verify-verdicts.ts'
import { verifyWindows } from '../../harness/verify-windows.ts'

/** What all programs have to do with one topic. */
export interface Job {
  readonly kind: 'verdicts' | 'windows' | 'lookups' | 'remainders' | ScoreKind
  /** What windows are by; null without windows. */
  readonly by: WindowKey | null
  readonly input: string
  /** The topic of the table that is looked up in; null without one. */
  readonly table: string | null
  readonly records: number
  /** For ours; the output is the group too. */
  script(output: string, delivery: Delivery): string
  /** Writes what there has to be beside the input. */
  prepare(kafka: LoadedKafka): Promise<void>
  /** How many keys a program keeps at once, at most, that waits so long for late rows, in ms. */
  keys(delay: number): number
  /** For a program that waits so long for late rows, in ms. */
  work(output: string, delay: number): Work
  verify(kafka: LoadedKafka, output: string, delay: number): Promise<void>
}

const plain = { by: null, table: null, keys: () => 0, prepare: async () => {} } as const

/** Filter, CASE and projection (job A): the same rows whatever else the records hold. */
export function verdictsJob(input: string, records: number): Job {
  const expected = expectedVerdicts(records)
  return {
    ...{ ...plain, kind: 'verdicts', input, records },
    script: (output, delivery) => verdictsScript({ group: output, input, output }, delivery),
    work: output => ({ records, output, outputs: expected.size }),
    verify: (kafka, output) => verifyVerdicts(kafka, output, expected)
  }
}

/** Kafka Streams tells what has closed once a second, and only when more comes: what closes in the last second stays untold. */
const UNTOLD = 6 * MINUTE

/** Five aggregates of a minute by a key (job B). Each record is a millisecond after the one before it. */
export function windowsJob(input: string, records: number, by: WindowKey): Job {
  const windows = sumWindows(records, by)
  // The first window has begun before the first record.
  const first = MINUTE - ((windows.latest - records + 1) % MINUTE)
  const behind = countByMinute(closedWindows(windows))
  return {
    ...{ ...plain, kind: 'windows', by, input, records },
    keys: delay => openWindows(windows, delay),
    script: (output, delivery) => windowsScript(delivery, output, by, input),
    work: (output, delay) => ({
      ...{ records, output },
      outputs: closedWindows(windows, delay === DELAY ? delay : delay + UNTOLD).length,
      consumed(outputs) {
        const minutes = behind.findLastIndex(count => count <= outputs)
        return first + minutes * MINUTE + delay
      }
    }),
    verify: (kafka, output, delay) => verifyWindows(kafka, output, windows, delay === DELAY)
  }
}

/** Each looked up in a table of users. */
export function lookupsJob(input: string, records: number): Job {
  const expected = expectedLookups(records)
  const table = `${input}-users`
  return {
    ...{ kind: 'lookups', by: null, input, records, table },
    keys: () => USERS,
    script: (output, delivery) => lookupsScript(delivery, input, output, table),
    async prepare(kafka) {
      await kafka.createTopic(table)
      const users = Array.from({ length: USERS }, (_, id) => ({
        key: String(id),
        value: JSON.stringify(user(id))
      }))
      await kafka.write(table, users)
    },
    work: output => ({ records, output, outputs: expected.size }),
    verify: (kafka, output) => verifyLookups(kafka, output, expected, true)
  }
}

/** As `lookupsJob`, without the table. */
export function remaindersJob(input: string, records: number): Job {
  const expected = expectedLookups(records)
  return {
    ...{ ...plain, kind: 'remainders', input, records },
    script: (output, delivery) => remaindersScript(delivery, input, output),
    work: output => ({ records, output, outputs: expected.size }),
    verify: (kafka, output) => verifyLookups(kafka, output, expected, false)
  }
}

/** Filtered by a score: a model's, or a division's. */
export async function scoresJob(kind: ScoreKind, input: string, records: number): Promise<Job> {
  const expected = await expectedScores(kind, records)
  return {
    ...{ ...plain, kind, input, records },
    script: (output, delivery) => scoresScript(kind, delivery, input, output),
    work: output => ({ records, output, outputs: expected.size }),
    verify: (kafka, output) => verifyScores(kafka, output, expected)
  }
}

/** How many windows there are of the first minute, of the first two, and so on. */
function countByMinute(keys: readonly string[]): readonly number[] {
  const counts = new Map<string, number>()
  for (const key of keys) {
    const minute = key.split(' ')[0]!
    counts.set(minute, (counts.get(minute) ?? 0) + 1)
  }
  let sum = 0
  return [...counts].map(([, count]) => (sum += count))
}
