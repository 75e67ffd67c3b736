import { txn130 } from '../../data/transactions.ts'

import type { BenchCase } from '../../harness/case.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import type { RunFigures } from '../../harness/measure-run.ts'
import { type Job, verdictsJob, windowsJob } from '../peers/job.ts'
import { runOurs } from '../peers/run-job.ts'

/** At least and exactly once in turn, each with its default commit_interval; what comes out is compared, all of it. */
export const exactlyOnce: BenchCase = {
  title: 'exactly once beside at least once',
  async run({ kafka: start, options: { records, rounds } }) {
    const kafka = await start()
    const topic = 'transactions-exactly'
    const jobs = {
      'filter, CASE': verdictsJob(topic, records),
      windows: windowsJob(topic, records, 'merchant_id')
    }
    await kafka.fill(topic, records, n => txn130(n))
    const figures: Figure[] = []
    for (const [name, job] of Object.entries(jobs)) {
      figures.push(...(await compareDeliveries(kafka, name, job, rounds)))
    }
    await kafka.deleteTopic(topic)
    return figures
  }
}

async function compareDeliveries(
  kafka: LoadedKafka,
  name: string,
  job: Job,
  rounds: number
): Promise<Figure[]> {
  const [least, exactly]: [RunFigures[], RunFigures[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    least.push(await runOurs(kafka, job, round, { delivery: 'at_least_once' }))
    exactly.push(await runOurs(kafka, job, round, { delivery: 'exactly_once' }))
  }
  const ratio = `${name}: exactly / at least once`
  const less = { unit: 'x', better: 'less', bar: 1.25 } as const
  const cpuOf = (runs: readonly RunFigures[]): number[] => runs.map(run => run.warmCpuSeconds)
  const rateOf = (runs: readonly RunFigures[]): number[] =>
    runs.map(run => run.warmRecordsPerSecond)
  return [
    ...describe(`${name}, at least once`, least),
    ...describe(`${name}, exactly once`, exactly),
    ratioOf({ name: `${ratio}: CPU, warm`, ...less }, cpuOf(exactly), cpuOf(least)),
    ratioOf({ name: `${ratio}: time, warm`, ...less }, rateOf(least), rateOf(exactly))
  ]
}

function describe(who: string, runs: readonly RunFigures[]): Figure[] {
  const columns = [
    ['CPU, warm', 'CPU-s/M records', run => run.warmCpuSeconds],
    ['CPU, whole run', 'CPU-s/M records', run => run.cpuSeconds],
    ['CPU of the broker', 'CPU-s/M records', run => run.brokerCpuSeconds],
    ['peak memory', 'MB', run => run.peakMegabytes]
  ] as const satisfies readonly (readonly [string, string, (run: RunFigures) => number])[]
  const rates = runs.map(run => run.warmRecordsPerSecond / 1000)
  return [
    bestOf({ name: `${who}: rate, warm`, unit: 'K records/s', better: 'more' }, rates),
    ...columns.map(([what, unit, pick]) =>
      bestOf({ name: `${who}: ${what}`, unit, better: 'less' }, runs.map(pick))
    )
  ]
}
