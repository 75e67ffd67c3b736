import type { TailedRecord } from './tail.ts'

const ERROR_HEADER = 'miracledb.error.'

/** One line: topic, key where there is one, value, and of a dead letter why it is one and where in the SQL it came up. */
export function renderRecord({ topic, key, value, headers }: TailedRecord): string {
  const error = new Map(headers.filter(([name]) => name.startsWith(ERROR_HEADER)))
  const field = (name: string): string | null => error.get(ERROR_HEADER + name) ?? null
  const place = field('position') === null ? '' : `, ${field('statement')} at ${field('position')}`
  const tail = error.size === 0 ? '' : `  (${field('code')}: ${field('message')}${place})`
  const head = key === null ? topic : `${topic} [${key}]`
  return printable(`${head}  ${value ?? 'null'}${tail}`) + '\n'
}

/** Records are hostile input to the terminal. */
function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
