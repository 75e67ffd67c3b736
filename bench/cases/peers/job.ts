import { expectedVerdicts, verdictsScript } from '../../data/verdicts.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import type { Work } from '../../harness/measure-run.ts'
import { verifyVerdicts } from '../../harness/verify-verdicts.ts'
import {
  closedWindows,
  DELAY,
  sumWindows,
  verifyWindows,
  windowsScript
} from '../windows/windows-job.ts'

/** What all programs have to do with one topic. */
export interface Job {
  readonly kind: 'verdicts' | 'windows'
  readonly name: string
  readonly input: string
  readonly records: number
  /** For ours; the output is the group too. */
  script(output: string): string
  /** For a program that waits so long for late rows, in ms. */
  work(output: string, delay: number): Work
  verify(kafka: LoadedKafka, output: string, delay: number): Promise<void>
}

/** Filter, CASE and projection: the same rows whatever else the records hold. */
export function verdictsJob(name: string, input: string, records: number): Job {
  const expected = expectedVerdicts(records)
  return {
    ...{ kind: 'verdicts', name, input, records },
    script: output => verdictsScript({ group: output, input, output }),
    work: output => ({ records, output, outputs: expected.size }),
    verify: (kafka, output) => verifyVerdicts(kafka, output, expected)
  }
}

const MINUTE = 60_000
const KEYS = 1000

/** Five aggregates of a minute by 1,000 keys. Each record is a millisecond after the one before it. */
export function windowsJob(name: string, input: string, records: number): Job {
  const windows = sumWindows(records, 'merchant_id')
  // The first window has begun before the first record.
  const first = MINUTE - ((windows.latest - records + 1) % MINUTE)
  return {
    ...{ kind: 'windows', name, input, records },
    script: output => windowsScript('at_least_once', output, 'merchant_id', input),
    work: (output, delay) => ({
      ...{ records, output },
      // Kafka Streams tells a window when more comes, so the last one may stay untold.
      outputs: closedWindows(windows, delay === DELAY ? delay : delay + MINUTE).length,
      consumed: outputs => first + (Math.floor(outputs / KEYS) - 1) * MINUTE + delay
    }),
    verify: (kafka, output, delay) => verifyWindows(kafka, output, windows, delay === DELAY)
  }
}
