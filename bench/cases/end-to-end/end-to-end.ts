import { join } from 'node:path'
import { expectedVerdicts, verdictsScript } from '../../data/verdicts.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { measureRun, type RunFigures } from '../../harness/measure-run.ts'
import { verifyVerdicts } from '../../harness/verify-verdicts.ts'

const PEER = join(import.meta.dirname, '../../peers/node-loop.ts')
const ROUNDS = 3

/** Our executable beside a loop by hand on the same client, in turn, on one broker. */
export const endToEnd: BenchCase = {
  title: 'filter, CASE, projection on a real broker',
  async run(cx) {
    const kafka = await cx.kafka()
    const expected = expectedVerdicts(kafka.records)
    const ours: RunFigures[] = []
    const peers: RunFigures[] = []
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await runOurs(kafka, round, expected))
      peers.push(await runPeer(kafka, round, expected))
    }
    return [
      ...describeRuns('ours', ours),
      ...describeRuns('by hand', peers),
      compare('records/s', 'more', ours, peers, run => run.recordsPerSecond),
      compare('CPU', 'less', ours, peers, run => run.cpuSeconds)
    ]
  }
}

function describeRuns(who: string, runs: readonly RunFigures[]): Figure[] {
  const figure = (
    name: string,
    unit: string,
    better: 'more' | 'less',
    pick: (run: RunFigures) => number
  ): Figure => bestOf({ name: `${who}: ${name}`, unit, better }, runs.map(pick))
  return [
    figure('throughput', 'K records/s', 'more', run => run.recordsPerSecond / 1000),
    figure('throughput, warm', 'K records/s', 'more', run => run.warmRecordsPerSecond / 1000),
    figure('CPU', 'CPU-s/M records', 'less', run => run.cpuSeconds),
    figure('CPU, warm', 'CPU-s/M records', 'less', run => run.warmCpuSeconds),
    figure('first output', 'ms', 'less', run => run.firstOutput),
    figure('peak memory', 'MB', 'less', run => run.peakMegabytes)
  ]
}

/** Ours must not be slower. */
function compare(
  what: string,
  better: 'more' | 'less',
  ours: readonly RunFigures[],
  peers: readonly RunFigures[],
  pick: (run: RunFigures) => number
): Figure {
  const labels = { name: `ours / by hand: ${what}`, unit: 'x', better, bar: 1 }
  return ratioOf(labels, ours.map(pick), peers.map(pick))
}

async function runOurs(
  kafka: LoadedKafka,
  round: number,
  expected: ReadonlySet<string>
): Promise<RunFigures> {
  const output = `verdicts-ours-${round}`
  const script = verdictsScript({ group: output, input: kafka.topic, output })
  using pipeline = compilePipeline('verdicts', script)
  const words = ['--brokers', kafka.brokers, '--port', '0']
  await kafka.createTopic(output)
  const work = { records: kafka.records, output, outputs: expected.size }
  const figures = await measureRun({ command: pipeline.path, words }, kafka, work)
  if (round === 0) await verifyVerdicts(kafka, output, expected)
  return figures
}

async function runPeer(
  kafka: LoadedKafka,
  round: number,
  expected: ReadonlySet<string>
): Promise<RunFigures> {
  const output = `verdicts-by-hand-${round}`
  const words = [PEER, kafka.brokers, kafka.topic, output, output]
  await kafka.createTopic(output)
  const work = { records: kafka.records, output, outputs: expected.size }
  const figures = await measureRun({ command: process.execPath, words }, kafka, work)
  if (round === 0) await verifyVerdicts(kafka, output, expected)
  return figures
}
