import type { PipelineDefinition } from '../contract/index.ts'
import { printable } from '../observe/printable.ts'
import type { MockModel } from './mock-model.ts'
import type { RejectedRecord } from './test-pipeline.ts'

const MOST_RECORDS = 10
const WIDEST = 60

/** `1 row`, `2 rows`. */
export function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** The records that the pipeline could not use, each with its reason; empty where there are none. */
export function describeRejected(
  rejected: readonly RejectedRecord[],
  { script, sites }: PipelineDefinition
): string {
  if (rejected.length === 0) return ''
  const lines = rejected.slice(0, MOST_RECORDS).map(({ source, value, error }) => {
    const site = sites[error.site]
    const place = site === undefined ? '' : `, ${script}:${site.line}:${site.column}`
    const record = value === null ? '(no value)' : shorten(Buffer.from(value).toString('utf8'))
    return `  ${source} ${record}: ${error.message} (${error.code}${place})`
  })
  const rest = rejected.length - MOST_RECORDS
  if (rest > 0) lines.push(`  and ${rest} more`)
  const verb = rejected.length === 1 ? 'was' : 'were'
  const head = `${countOf(rejected.length, 'record')} ${verb} rejected:`
  return [head, ...lines.map(printable)].join('\n')
}

/** Answers of models that no row asked for; empty where there are none. */
export function describeUnasked(mocks: readonly MockModel[]): string {
  return mocks
    .filter(({ asked, given }) => asked < given)
    .map(({ name, asked, given }) => {
      const left = given - asked
      const verb = left === 1 ? 'was' : 'were'
      return printable(`${countOf(left, 'answer')} of model "${name}" ${verb} not asked for`)
    })
    .join('\n')
}

function shorten(text: string): string {
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 3)}...`
}
