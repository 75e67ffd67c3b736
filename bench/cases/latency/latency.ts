import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf } from '../../harness/figure.ts'
import { type Latencies, latencySchema, measureLatency } from '../../harness/measure-latency.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'

/** About a fifth of what one process does where it shares two cores with its broker and with the programs that measure it. */
const RATE = 100_000
const ROUNDS = 2

/** From a source to a sink, at least once. */
export const latency: BenchCase = {
  title: `source to sink, at least once, at ${RATE} records/s`,
  async run(cx) {
    const kafka = await cx.kafka()
    const runs: Latencies[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const [input, output] = [`due-${round}`, `came-${round}`]
      await kafka.createTopic(input)
      await kafka.createTopic(output)
      using pipeline = compilePipeline(
        'copies',
        `CREATE SOURCE sent FROM KAFKA (topic = '${input}', group_id = '${output}', auto_offset_reset = 'earliest') SCHEMA (${latencySchema});
CREATE SINK copies TO KAFKA (topic = '${output}', linger_ms = 0, compression = 'none') AS SELECT id, at, note FROM sent;`
      )
      const words = ['--brokers', kafka.brokers, '--port', '0']
      const process = new MeasuredProcess(pipeline.path, words)
      try {
        await process.logged('partitions assigned')
        runs.push(await measureLatency(kafka.brokers, input, output, RATE))
      } finally {
        await process.stop()
      }
    }
    const less = { unit: 'ms', better: 'less' } as const
    return [
      bestOf(
        { name: 'p50', ...less },
        runs.map(run => run.median)
      ),
      bestOf(
        { name: 'p99', bar: 15, ...less },
        runs.map(run => run.p99)
      ),
      bestOf(
        { name: 'p99.9', ...less },
        runs.map(run => run.p999)
      ),
      bestOf(
        { name: 'most', ...less },
        runs.map(run => run.most)
      )
    ]
  }
}
