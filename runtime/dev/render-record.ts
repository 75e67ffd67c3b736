import { printable } from '../observe/printable.ts'
import type { TailedRecord } from './tail.ts'

export type ShownRecord = Pick<TailedRecord, 'topic' | 'key' | 'value' | 'headers'>

const ERROR_HEADER = 'miracledb.error.'
const OP_HEADER = 'miracledb.op'
const verbs = new Map([
  ['c', 'INSERT'],
  ['u', 'UPDATE'],
  ['d', 'DELETE']
])

/**
 * One line: topic, key where there is one, of a table's change what it is, value, and of a dead letter why it is one and where
 * in the SQL it came up. Records are hostile input to the terminal.
 */
export function renderRecord({ topic, key, value, headers }: ShownRecord): string {
  const error = new Map(headers.filter(([name]) => name.startsWith(ERROR_HEADER)))
  const field = (name: string): string | null => error.get(ERROR_HEADER + name) ?? null
  const place = field('position') === null ? '' : `, ${field('statement')} at ${field('position')}`
  const tail = error.size === 0 ? '' : `  (${field('code')}: ${field('message')}${place})`
  const verb = verbs.get(headers.find(([name]) => name === OP_HEADER)?.[1] ?? '')
  const head = [topic, ...(key === null ? [] : [`[${key}]`]), ...(verb === undefined ? [] : [verb])]
  return printable(`${head.join(' ')}  ${value ?? 'null'}${tail}`) + '\n'
}
