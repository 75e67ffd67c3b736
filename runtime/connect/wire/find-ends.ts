import type { Cluster } from './cluster.ts'
import type { Leaders } from './leaders.ts'
import { type EndsWish, LIST_OFFSETS, readListOffsets, writeListOffsets } from './list-offsets.ts'

/** Where partitions begin or end, as their leaders say; without those whose leaders do not say so at once. */
export async function findEnds(
  cluster: Cluster,
  { brokers, topic }: Leaders,
  wish: EndsWish
): Promise<ReadonlyMap<number, number>> {
  const wanted = topic!.partitions.filter(({ partition }) => wish.partitions.includes(partition))
  const asked = [...Map.groupBy(wanted, ({ leader }) => brokers.get(leader))].map(
    async ([address, led]) => {
      if (address === undefined) return []
      const own = { ...wish, partitions: led.map(({ partition }) => partition) }
      return cluster
        .ask(address, LIST_OFFSETS, request => writeListOffsets(request, own), readListOffsets)
        .catch(() => [])
    }
  )
  const answers = (await Promise.all(asked)).flat().filter(({ error }) => error === 0)
  return new Map(answers.map(({ partition, offset }) => [partition, offset]))
}
