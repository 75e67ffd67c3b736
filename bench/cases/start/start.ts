import { verdictsScript } from '../../data/verdicts.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf } from '../../harness/figure.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'

const ROUNDS = 11

/**
 * From before the fork to the first poll: the log line "started" is written in the turn of the event loop in which the
 * loop has called `poll` for the first time; sink and source are connected to a real broker by then. When partitions come
 * is the group's and the broker's doing, so it is only shown.
 */
export const start: BenchCase = {
  title: 'executable without a model',
  async run(cx) {
    const kafka = await cx.kafka()
    const topic = 'verdicts-start'
    await kafka.createTopic(topic)
    // An input of its own: nothing comes in, so what is measured is the start alone.
    const input = 'transactions-start'
    await kafka.createTopic(input)
    using pipeline = compilePipeline(
      'verdicts',
      verdictsScript({ group: topic, input, output: topic })
    )
    const version: number[] = []
    const polls: number[] = []
    const assigned: number[] = []
    const cpu: number[] = []
    // The first run unpacks the native parts, which is done once per machine.
    for (let round = 0; round <= ROUNDS; round++) {
      const trivial = new MeasuredProcess(pipeline.path, ['--version'])
      await trivial.ended()
      const process = new MeasuredProcess(pipeline.path, [
        '--brokers',
        kafka.brokers,
        '--port',
        '0'
      ])
      const started = await process.logged('"started"')
      const { cpuSeconds } = process.usage()
      const ready = await process.logged('"partitions assigned"')
      await process.stop()
      if (round === 0) continue
      version.push(await trivial.ended())
      polls.push(started)
      assigned.push(ready)
      cpu.push(cpuSeconds * 1000)
    }
    const labels = { unit: 'ms', better: 'less' } as const
    return [
      bestOf({ name: 'exec to exit of --version', ...labels }, version),
      bestOf({ name: 'exec to first poll', ...labels, bar: 150 }, polls),
      bestOf({ name: 'CPU until the first poll', ...labels }, cpu),
      bestOf({ name: 'exec to partitions assigned', ...labels }, assigned)
    ]
  }
}
