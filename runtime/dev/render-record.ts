import { printable } from '../observe/printable.ts'
import type { TailedRecord } from './tail.ts'

const ERROR_HEADER = 'miracledb.error.'

/**
 * One line: topic, key where there is one, value, and of a dead letter why it is one and where in the SQL it came up. Records
 * are hostile input to the terminal.
 */
export function renderRecord({ topic, key, value, headers }: TailedRecord): string {
  const error = new Map(headers.filter(([name]) => name.startsWith(ERROR_HEADER)))
  const field = (name: string): string | null => error.get(ERROR_HEADER + name) ?? null
  const place = field('position') === null ? '' : `, ${field('statement')} at ${field('position')}`
  const tail = error.size === 0 ? '' : `  (${field('code')}: ${field('message')}${place})`
  const head = key === null ? topic : `${topic} [${key}]`
  return printable(`${head}  ${value ?? 'null'}${tail}`) + '\n'
}
