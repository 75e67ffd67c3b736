import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadedKafka } from './loaded-kafka.ts'
import { MeasuredProcess } from './measured-process.ts'

/** A program that reads all of the input and writes the verdicts. */
export interface Program {
  readonly command: string
  readonly words: readonly string[]
}

/** One run of a program over the whole input. */
export interface RunFigures {
  /** Records of the input by seconds from before the fork to the last output. */
  readonly recordsPerSecond: number
  /** The same without start and joining the group: from the first output seen to the last. */
  readonly warmRecordsPerSecond: number
  /** Of the process, per million records of the input, its start included. */
  readonly cpuSeconds: number
  readonly warmCpuSeconds: number
  /** Milliseconds from before the fork. */
  readonly firstOutput: number
  readonly peakMegabytes: number
}

const POLL_INTERVAL = 20
const TIMEOUT = 120_000

/** Starts the program, watches the output topic until all `outputs` are there, stops it. */
export async function measureRun(
  { command, words }: Program,
  kafka: LoadedKafka,
  topic: string,
  outputs: number
): Promise<RunFigures> {
  const process = new MeasuredProcess(command, words)
  const since = (): number => performance.now() - process.spawned
  try {
    const first = await waitFor(1)
    const last = await waitFor(outputs)
    const { peakMegabytes } = process.usage()
    const millions = kafka.records / 1e6
    // What came out between the two, as its share of the input.
    const warm = ((last.written - first.written) / outputs) * kafka.records
    return {
      recordsPerSecond: kafka.records / (last.at / 1000),
      warmRecordsPerSecond: warm / ((last.at - first.at) / 1000),
      cpuSeconds: last.cpu / millions,
      warmCpuSeconds: (last.cpu - first.cpu) / (warm / 1e6),
      firstOutput: first.at,
      peakMegabytes
    }
  } finally {
    await process.stop()
  }

  async function waitFor(count: number) {
    for (;;) {
      const written = await kafka.written(topic)
      if (written >= count) return { written, at: since(), cpu: process.usage().cpuSeconds }
      process.requireRunning()
      if (since() > TIMEOUT) throw new Error(`${command}: ${written} of ${count} outputs`)
      await sleep(POLL_INTERVAL)
    }
  }
}
