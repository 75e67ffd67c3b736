import type { BoundColumn, BoundSource } from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'

/** A generator of 32-bit randoms from a seed (mulberry32): the same seed, the same rows. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const words = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel']

/** Row number `index` of a source as JSON text: ids count up, everything else is random. `now` is ms since the epoch. */
export function generateRow(
  source: BoundSource,
  index: number,
  random: () => number,
  now: number
): string {
  if (source.format !== 'json') return words[index % words.length]!
  const document: Record<string, unknown> = Object.create(null)
  for (const column of source.columns) {
    if (column.from.kind !== 'Field') continue
    setPath(document, column.from.path, generateValue(column, index, random, now))
  }
  return JSON.stringify(document)
}

function generateValue(
  { name, type, notNull }: BoundColumn,
  index: number,
  random: () => number,
  now: number
): unknown {
  if (!notNull && random() < 0.02) return null
  if (isIdentifier(name, type)) return index + 1
  if (isTime(name, type)) return now
  return generateOfType(type, random, now)
}

function generateOfType(type: SqlType, random: () => number, now: number): unknown {
  switch (type.kind) {
    case 'Boolean':
      return random() < 0.5
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
      return Math.floor(random() * 1000)
    case 'Decimal':
      return Math.round(random() * 100_000) / 100
    case 'Real':
    case 'Double':
      // Amounts and scores are both common: half of the values are below 1.
      return random() < 0.5 ? round(random()) : round(random() * 1000)
    case 'Timestamp':
    case 'TimestampTz':
      return new Date(now).toISOString()
    case 'Json':
      return { [pick(random)]: round(random() * 100) }
    default:
      return pick(random)
  }
}

function isIdentifier(name: string, { kind }: SqlType): boolean {
  return (kind === 'BigInt' || kind === 'Int') && /(^|_)id$/i.test(name)
}

function isTime(name: string, { kind }: SqlType): boolean {
  return kind === 'BigInt' && /(^|_)(ts|time|timestamp|at)$/i.test(name)
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

function pick(random: () => number): string {
  return words[Math.floor(random() * words.length)]!
}

function setPath(
  document: Record<string, unknown>,
  path: readonly (string | number)[],
  value: unknown
): void {
  let at = document
  for (const step of path.slice(0, -1)) {
    at[step] ??= Object.create(null) as Record<string, unknown>
    at = at[step] as Record<string, unknown>
  }
  at[path.at(-1)!] = value
}
