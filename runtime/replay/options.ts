import { parseArgs } from 'node:util'

/** What `replay-dlq` is asked to do with which dead letters. */
export interface ReplayOptions {
  /** Null: those of the script. */
  readonly brokers: string | null
  /** Dead-letter topics; empty: those of the script. */
  readonly topics: readonly string[]
  /** Of the client, as a script's CONFIG has them. */
  readonly properties: Readonly<Record<string, string>>
  readonly filter: LetterFilter
  readonly does: 'list' | 'show' | 'write' | 'dry-run'
}

/** Null: any. Offsets and partitions are the dead letter's own, times when it was written. */
export interface LetterFilter {
  readonly code: string | null
  readonly source: string | null
  readonly partition: number | null
  readonly firstOffset: number | null
  readonly lastOffset: number | null
  readonly since: number | null
  readonly until: number | null
}

export const replayHelp = `  --topic <name>         a dead-letter topic; may be repeated
  --brokers <list>       where it is
  --property <n>=<v>     a setting of the client, as in CONFIG, with \${ENV} and \${file:...}; may be repeated
  --code <code>          only dead letters with this code of an error
  --source <name>        only those of this source or sink
  --partition <n>, --offset <n> or <n>-<m>
                         only those at this place in the dead-letter topic
  --since <time>, --until <time>
                         only those that were written then: ISO 8601
  --show                 print each, with its reason and where it came from, instead of how many there are of a kind
  --write                write the original records back to their topics: each once, however often this is called
  --dry-run              say what --write would do
`

/** A text: what is wrong with the words. */
export function parseReplay(words: readonly string[]): ReplayOptions | string {
  let parsed
  try {
    parsed = parseArgs({ args: [...words], options: flags, allowPositionals: true })
  } catch (error) {
    return (error as Error).message
  }
  const { values, positionals } = parsed
  const modes = [values.show && 'show', values.write && 'write'].filter(mode => mode !== false)
  if (modes.length > 1) return '--show prints, --write writes: give one of them'
  const properties = (values.property ?? []).map(text => text.split(/=(.*)/s))
  const wrong = properties.find(([name, value]) => name === '' || value === undefined)
  if (wrong !== undefined) return `--property is name=value, not "${wrong[0]}"`
  const filter = readFilter(values)
  if (typeof filter === 'string') return filter
  return {
    brokers: values.brokers ?? null,
    topics: [...(values.topic ?? []), ...positionals],
    properties: Object.fromEntries(properties.map(([name, value]) => [name, value])),
    filter,
    does: values['dry-run'] ? 'dry-run' : values.write ? 'write' : values.show ? 'show' : 'list'
  }
}

const flags = {
  topic: { type: 'string', multiple: true },
  brokers: { type: 'string' },
  property: { type: 'string', multiple: true },
  code: { type: 'string' },
  source: { type: 'string' },
  partition: { type: 'string' },
  offset: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  show: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false }
} as const

type Texts = Readonly<
  Partial<Record<'code' | 'source' | 'partition' | 'offset' | 'since' | 'until', string>>
>

function readFilter(texts: Texts): LetterFilter | string {
  const { partition, offset, since, until } = texts
  const range = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(offset ?? '0')
  if (range === null) return `--offset is a number or a range as 5-10, not "${offset}"`
  if (partition !== undefined && !/^\d{1,9}$/.test(partition)) {
    return `--partition is a number, not "${partition}"`
  }
  const times = [since, until].map(text => (text === undefined ? null : Date.parse(text)))
  if (times.some(Number.isNaN)) return '--since and --until are times as 2026-01-31T12:00:00Z'
  const [, first, last = first] = range
  return {
    code: texts.code ?? null,
    source: texts.source ?? null,
    partition: partition === undefined ? null : Number(partition),
    firstOffset: offset === undefined ? null : Number(first),
    lastOffset: offset === undefined ? null : Number(last),
    since: times[0]!,
    until: times[1]!
  }
}
