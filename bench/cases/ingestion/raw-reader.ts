// Reads a topic to its end as fast as two sockets can, walks from batch to batch, and looks at no record: what there is to read.
//
//     node bench/cases/ingestion/raw-reader.ts <brokers> <topic>
import { cpuSeconds } from '../../harness/sample.ts'
import { TopicConnection } from '../../harness/topic-connection.ts'

/** What it says on its standard error; CPU without its start. */
export interface RawReading {
  readonly records: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly perSecond: number
}

const [brokers = '', topic = ''] = process.argv.slice(2)
const halves = await Promise.all([0, 1].map(() => TopicConnection.open(brokers, topic)))
const [started, cpuBefore] = [performance.now(), cpuSeconds()]
const counts = await Promise.all(
  halves.map(async (connection, half) => {
    const places = Array.from({ length: connection.partitions }, (_, i) => [i, 0] as const)
    const offsets = new Map(places.filter(([partition]) => partition % 2 === half))
    for (let count = 0; ;) {
      const { records, isEnd } = await connection.fetch(offsets, null)
      count += records
      if (isEnd) return count
    }
  })
)
const seconds = (performance.now() - started) / 1000
const records = counts.reduce((sum, count) => sum + count, 0)
console.error(
  JSON.stringify({
    ...{ records, seconds, cpuSeconds: cpuSeconds() - cpuBefore },
    perSecond: records / seconds
  } satisfies RawReading)
)
for (const connection of halves) connection.close()
