import { RecordWriter } from '../codec/index.ts'
import { BatchBuffer } from '../connect/batch-buffer.ts'
import type { PipelineContext, PipelineDefinition, RecordError } from '../contract/index.ts'
import type { Place, SuitePlan } from './plan.ts'
import { failAt } from './test-failure.ts'

/** The rows of a suite's INPUT, MODEL and EXPECT, each a JSON object of its columns. */
export interface TestValues {
  /** Evaluates the rows of one step, at the time `now`. */
  rows(name: string, place: Place, now: number): readonly string[]
}

/**
 * The values are a pipeline of their own, one source per step, whose one record makes its task write all the step's rows: so
 * they are computed and encoded by the very code that computes and encodes the rows they are compared with.
 */
export function openTestValues(definition: PipelineDefinition, suite: SuitePlan): TestValues {
  let time = 0
  const failures: RecordError[] = []
  const writer = new RecordWriter()
  const { tasks } = definition.open({
    writer: () => writer,
    model: name => {
      throw new Error(`the values ask model "${name}"`)
    },
    table: name => {
      throw new Error(`the values ask table "${name}"`)
    },
    ...withoutState,
    now: () => time,
    elapsed: () => time
  })
  const batch = new BatchBuffer((_batch, _record, error) => failures.push(error))
  const trigger = { key: null, value: null, partition: 0, offset: 0, timestamp: 0 }
  return {
    rows(name, place, now) {
      time = now
      failures.length = 0
      writer.clear()
      batch.fill([trigger], () => [])
      void tasks.find(({ source }) => source === name)!.run(batch)
      const [failure] = failures
      if (failure === undefined) return readRows(writer)
      const site = definition.sites[failure.site] ?? place
      throw failAt(suite, site, `${failure.message} (${failure.code})`)
    }
  }
}

/** Values read nothing. */
const absent = [
  'keep',
  'combine',
  'clock',
  'schemas',
  'watermark',
  'processed',
  'rows',
  'look'
] as const
const withoutState = Object.fromEntries(
  absent.map(what => [
    what,
    (name: string): never => {
      throw new Error(`the values ask ${what} of "${name}"`)
    }
  ])
) as unknown as Pick<PipelineContext, (typeof absent)[number]>

function readRows(writer: RecordWriter): string[] {
  const { bytes, count, valueStart, valueEnd } = writer.take()
  return Array.from({ length: count }, (_, i) =>
    Buffer.from(bytes.subarray(valueStart[i]!, valueEnd[i]!)).toString('utf8')
  )
}
