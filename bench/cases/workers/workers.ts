import { txn130 } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { ratioOf } from '../../harness/figure.ts'
import { describeRuns, type Runs } from '../peers/compare-runs.ts'
import { verdictsJob } from '../peers/job.ts'
import { runOurs } from '../peers/run-job.ts'

/** One process and two of them, in turn. With the broker on the same two cores there is less than a core for the second. */
export const workers: BenchCase = {
  title: 'one process and two',
  async run({ kafka: start, options: { records, rounds } }) {
    const kafka = await start()
    const input = 'transactions-workers'
    await kafka.fill(input, records, n => txn130(n))
    const job = verdictsJob(input, records)
    const [one, two] = ['--workers 1', '--workers 2']
    const runs: Runs = new Map([
      [one, []],
      [two, []]
    ])
    for (let round = 0; round < rounds; round++) {
      runs.set(one, [...runs.get(one)!, await runOurs(kafka, job, round, { workers: 1 })])
      runs.set(two, [...runs.get(two)!, await runOurs(kafka, job, round, { workers: 2 })])
    }
    await kafka.deleteTopic(input)
    const rates = (name: string): number[] => runs.get(name)!.map(run => run.warmRecordsPerSecond)
    const ratio = { name: `${two} / ${one}: rate, warm`, unit: 'x', better: 'more' } as const
    return [...describeRuns(runs), ratioOf(ratio, rates(two), rates(one))]
  }
}
