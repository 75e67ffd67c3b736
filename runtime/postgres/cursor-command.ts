/** DECLARE, FETCH, MOVE and CLOSE: https://www.postgresql.org/docs/15/sql-declare.html */
export type CursorCommand =
  | {
      readonly kind: 'declare'
      readonly name: string
      /** Where the query begins in the statement. */
      readonly queryStart: number
      readonly isHeld: boolean
      /** NO SCROLL: it goes forward only. */
      readonly isForward: boolean
    }
  | { readonly kind: 'fetch' | 'move'; readonly name: string; readonly step: CursorStep }
  /** Null: all of them. */
  | { readonly kind: 'close'; readonly name: string | null }

/** Where a cursor goes: `forward` and `backward` over so many rows, which are read; the others to one row. */
export interface CursorStep {
  readonly to: 'forward' | 'backward' | 'absolute' | 'relative'
  readonly count: number
}

const NAME = String.raw`("(?:[^"]|"")+"|[a-z_]\w*)`
const DECLARE = new RegExp(
  String.raw`^declare\s+${NAME}\s+((?:(?:asensitive|insensitive|no\s+scroll|scroll)\s+)*)cursor\s+(?:(with|without)\s+hold\s+)?for\s+`,
  'i'
)
const FETCH = new RegExp(
  String.raw`^(fetch|move)\s+(?:(next|prior|first|last|all|(?:(?:absolute|relative|forward|backward)\s+)?[+-]?\d{1,15}|(?:forward|backward)(?:\s+all)?)\s+)?(?:(?:from|in)\s+)?${NAME}\s*$`,
  'i'
)
const CLOSE = new RegExp(String.raw`^close\s+${NAME}\s*$`, 'i')

/** Null: it is none of them, or written otherwise. `statement` begins with its first word. */
export function readCursorCommand(statement: string): CursorCommand | null {
  const declared = DECLARE.exec(statement)
  if (declared !== null) {
    const [head, name, options, hold] = declared
    return {
      kind: 'declare',
      name: nameOf(name!),
      queryStart: head.length,
      isHeld: hold?.toLowerCase() === 'with',
      isForward: /\bno\s+scroll\b/i.test(options!)
    }
  }
  const fetched = FETCH.exec(statement)
  if (fetched !== null) {
    const [, verb, direction = 'next', name] = fetched
    const kind = verb!.toLowerCase() as 'fetch' | 'move'
    return { kind, name: nameOf(name!), step: readStep(direction.toLowerCase()) }
  }
  const name = CLOSE.exec(statement)?.[1]
  if (name === undefined) return null
  return { kind: 'close', name: name.toLowerCase() === 'all' ? null : nameOf(name) }
}

const named: Readonly<Record<string, CursorStep>> = {
  next: { to: 'forward', count: 1 },
  prior: { to: 'backward', count: 1 },
  first: { to: 'absolute', count: 1 },
  last: { to: 'absolute', count: -1 },
  all: { to: 'forward', count: Infinity },
  forward: { to: 'forward', count: 1 },
  backward: { to: 'backward', count: 1 }
}

function readStep(direction: string): CursorStep {
  const known = named[direction]
  if (known !== undefined) return known
  const words = direction.split(/\s+/)
  const last = words.at(-1)!
  const count = last === 'all' ? Infinity : Number(last)
  const to = words.length === 1 ? 'forward' : (words[0] as CursorStep['to'])
  if (count >= 0 || to === 'absolute' || to === 'relative') return { to, count }
  return { to: to === 'forward' ? 'backward' : 'forward', count: -count }
}

/** As PostgreSQL has it: small letters, but in quotes. */
function nameOf(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase()
}
