import { makeRandom } from '../functions/random-value.ts'
import { makeQuery } from './make-query.ts'
import { makeSteps } from './make-steps.ts'
import type { Query } from './query.ts'
import { showOurs } from './show-query.ts'
import { columnTypes, type Row, showSources, type Step } from './tables.ts'

export const SINK_TOPIC = 'out'

/** A query, and what happens to the tables that it reads. */
export interface RandomCase {
  readonly query: Query
  readonly steps: readonly Step[]
}

export function makeCase(seed: number): RandomCase {
  const random = makeRandom(seed)
  return { query: makeQuery(random), steps: makeSteps(random) }
}

export function caseScript({ query }: RandomCase): string {
  // Debezium says what was there before: its changes can be followed without a key.
  const sink = `CREATE SINK ${SINK_TOPIC} TO KAFKA (topic = '${SINK_TOPIC}', format = 'debezium') AS`
  const shown = showOurs(query)
  return `${showSources()}${shown.declared}${sink}\n${shown.query};\n`
}

/** As a person reads it. */
export function showCase(randomCase: RandomCase): string {
  const steps = randomCase.steps.map((step, i) => {
    const changes = step.map(({ id, row, table }) => {
      return `  ${table} ${id}: ${row === null ? 'deleted' : showRow(row)}`
    })
    return [`step ${i}`, ...changes].join('\n')
  })
  return `${caseScript(randomCase)}\n${steps.join('\n')}\n`
}

function showRow(row: Row): string {
  return row.map((value, i) => (value === null ? 'NULL' : showValue(i, value))).join(', ')
}

/** Of the columns after the key. */
function showValue(i: number, value: string): string {
  return columnTypes[i + 1]![1] === 'TEXT' ? `'${value}'` : value
}
