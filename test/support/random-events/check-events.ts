import { isDeepStrictEqual } from 'node:util'
import type { RowType } from '../../../compiler/types/index.ts'
import { compareRows, showDifference } from '../changelog/compare-rows.ts'
import type { ChangelogFormat } from '../changelog/fold-changelog.ts'
import { shrinkList } from './shrink-list.ts'
import { openWays, type RandomEvent, type Refused, type Told, type Way } from './run-ways.ts'

/** A script with a sink `o`, and what its inputs bring, in the order of arrival. */
export interface EventCase {
  readonly script: string
  readonly format: ChangelogFormat
  readonly events: readonly RandomEvent[]
  /** Records behind all others, which a smaller case has too: they tell the time. */
  readonly ends: readonly RandomEvent[]
  /** What has to be told in the end, by somebody who shares nothing with compiler and runtime. */
  expected(events: readonly RandomEvent[]): Promise<Told>
}

/** Means are rounded otherwise; sums are of quarters, and exact. */
const TOLERANCE = 1e-12

/** Runs a case in all ways; the first that tells something else is an error with a smaller case that still does. */
export async function checkEvents(randomCase: EventCase, seed: number): Promise<Refused | null> {
  const { format, script } = randomCase
  const ways = await openWays(script, format, seed)
  if ('codes' in ways) return ways
  const { schema } = ways.compiled.graph.sinks[0]!
  for (const way of ways.all) {
    const find = (events: readonly RandomEvent[]): Promise<string | null> =>
      findDifference(randomCase, way, schema, events)
    if ((await find(randomCase.events)) === null) continue
    const events = await shrinkList(randomCase.events, async less => (await find(less)) !== null)
    const shown = [...events, ...randomCase.ends].map(showEvent).join('\n')
    throw new Error(`${way.name}: ${await find(events)}\n${script}\n${shown}`)
  }
  return null
}

/** Null: there is none. */
async function findDifference(
  { ends, expected }: EventCase,
  way: Way,
  schema: RowType,
  events: readonly RandomEvent[]
): Promise<string | null> {
  const all = [...events, ...ends]
  const { late, rows } = await expected(all)
  let told: Told
  try {
    told = await way.run(all)
  } catch (error) {
    return (error as Error).stack ?? String(error)
  }
  const difference = compareRows(told.rows, rows, schema, TOLERANCE)
  if (difference.missing.length > 0 || difference.extra.length > 0)
    return `\n${showDifference(difference)}`
  const isSame = isDeepStrictEqual(told.late, late.toSorted())
  return isSame ? null : `late are ${told.late.join(' ')} in place of ${late.join(' ')}`
}

function showEvent({ key, partition, timestamp, topic, value }: RandomEvent): string {
  const time = new Date(timestamp).toISOString()
  return `${topic} ${partition} ${time} ${key ?? ''} ${JSON.stringify(value)}`
}
