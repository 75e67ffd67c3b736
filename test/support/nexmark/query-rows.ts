import assert from 'node:assert/strict'
import type { MemoryTopics } from '../../../runtime/connect/memory/index.ts'
import { foldChangelog } from '../changelog/fold-changelog.ts'
import { type Topics, writtenRecords } from '../memory-records.ts'
import type { NexmarkInput } from './nexmark-input.ts'
import type { NexmarkQuery } from './nexmark-query.ts'
import { sumRows } from './sum-rows.ts'

/** What the queries read, by topic. */
export function nexmarkTopics({ events, sideInput }: NexmarkInput): Topics {
  return new Map([
    ['nexmark', events],
    ['side_input', sideInput]
  ])
}

/** The rows that the topic of a query's sink comes to. `inputs`: those of `nexmarkTopics`. */
export function queryRows(
  { name, format, sum }: NexmarkQuery,
  memory: MemoryTopics,
  inputs: Topics
): readonly string[] {
  const written = writtenRecords(memory, inputs)
  assert.deepEqual([...written.keys()], [name], 'there are no dead letters')
  const { rows, problems } = foldChangelog(written.get(name)!, format)
  assert.deepEqual(problems.slice(0, 10), [], 'the changelog can be followed')
  return sum === undefined ? rows() : sumRows(rows(), sum)
}
