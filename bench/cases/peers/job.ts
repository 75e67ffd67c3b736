import { type Delivery, expectedVerdicts, verdictsScript } from '../../data/verdicts.ts'
import {
  closedWindows,
  DELAY,
  MINUTE,
  sumWindows,
  type WindowKey,
  windowsScript
} from '../../data/windows.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import type { Work } from '../../harness/measure-run.ts'
import { verifyVerdicts } from '../../harness/verify-verdicts.ts'
import { verifyWindows } from '../../harness/verify-windows.ts'

/** What all programs have to do with one topic. */
export interface Job {
  readonly kind: 'verdicts' | 'windows'
  /** What windows are by; null without windows. */
  readonly by: WindowKey | null
  readonly input: string
  readonly records: number
  /** For ours; the output is the group too. */
  script(output: string, delivery: Delivery): string
  /** For a program that waits so long for late rows, in ms. */
  work(output: string, delay: number): Work
  verify(kafka: LoadedKafka, output: string, delay: number): Promise<void>
}

/** Filter, CASE and projection (job A): the same rows whatever else the records hold. */
export function verdictsJob(input: string, records: number): Job {
  const expected = expectedVerdicts(records)
  return {
    ...{ kind: 'verdicts', by: null, input, records },
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
    ...{ kind: 'windows', by, input, records },
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
