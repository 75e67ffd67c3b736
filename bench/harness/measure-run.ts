import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadedKafka } from './loaded-kafka.ts'
import { MeasuredProcess, usageOf } from './measured-process.ts'
import { TopicConnection } from './topic-connection.ts'

/** A program that reads all of the input and writes something for it. */
export interface Program {
  readonly command: string
  readonly words: readonly string[]
  /** What it has to say on its standard error before it ends. */
  readonly lastWords?: string
}

/** What a program has to do. */
export interface Work {
  /** Of the input. */
  readonly records: number
  readonly output: string
  /** How many there will be. */
  readonly outputs: number
  /** How many records are behind so many outputs, where that is not their share. */
  consumed?(outputs: number): number
}

/** One run of a program over the whole input. */
export interface RunFigures {
  /** Records of the input by seconds from before the fork to the last output. */
  readonly recordsPerSecond: number
  /** Of the second half of the outputs: without start, joining the group and most of what just-in-time compilers do. */
  readonly warmRecordsPerSecond: number
  /** Of the process, per million records of the input, its start included. */
  readonly cpuSeconds: number
  readonly warmCpuSeconds: number
  /** Of the broker meanwhile, per million records of the input. */
  readonly brokerCpuSeconds: number
  /** Milliseconds from before the fork. */
  readonly firstOutput: number
  readonly peakMegabytes: number
}

const POLL_INTERVAL = 20
/** In ms, and for each record beyond a million. */
const [TIMEOUT, TIMEOUT_PER_RECORD] = [180_000, 0.06]

/** Starts the program, watches the output topic until all outputs are there, stops it. */
export async function measureRun(
  { command, words, lastWords }: Program,
  kafka: LoadedKafka,
  work: Work
): Promise<RunFigures> {
  const { records, output, outputs } = work
  const timeout = TIMEOUT + Math.max(0, records - 1e6) * TIMEOUT_PER_RECORD
  const brokerBefore = usageOf(kafka.pid).cpuSeconds
  const watch = await TopicConnection.open(kafka.brokers, output)
  const process = new MeasuredProcess(command, words)
  const since = (): number => performance.now() - process.spawned
  let firstOutput = Infinity
  const watching = watch.firstRecord().then(() => (firstOutput = since()))
  // What is wrong is said where it is waited for; what was asked when the program ends has no answer.
  watching.catch(() => {})
  try {
    await waitFor(1)
    await watching
    const half = await waitFor(outputs / 2)
    const last = await waitFor(outputs)
    const { peakMegabytes } = process.usage()
    const brokerCpu = usageOf(kafka.pid).cpuSeconds - brokerBefore
    const million = 1e6
    const warm = last.consumed - half.consumed
    if (lastWords !== undefined) {
      await process.stop()
      await process.logged(lastWords)
    }
    return {
      recordsPerSecond: records / (last.at / 1000),
      warmRecordsPerSecond: warm / ((last.at - half.at) / 1000),
      cpuSeconds: (last.cpu * million) / records,
      warmCpuSeconds: ((last.cpu - half.cpu) * million) / warm,
      brokerCpuSeconds: (brokerCpu * million) / records,
      firstOutput,
      peakMegabytes
    }
  } finally {
    watch.close()
    await process.stop()
  }

  async function waitFor(count: number) {
    for (;;) {
      const written = await kafka.written(output)
      if (written >= count) {
        const consumed = work.consumed?.(written) ?? (written / outputs) * records
        return { consumed, at: since(), cpu: process.usage().cpuSeconds }
      }
      process.requireRunning()
      if (since() > timeout) {
        throw new Error(`${command}: ${written} of ${outputs} outputs:\n${process.lines()}`)
      }
      await sleep(POLL_INTERVAL)
    }
  }
}
