import { type CopyCommand, readCopy } from './copy-command.ts'
import { type CursorCommand, readCursorCommand } from './cursor-command.ts'

/** A statement that is for the connection, and not for the pipeline. */
export type SessionCommand =
  | CursorCommand
  | CopyCommand
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  /** Inside of a transaction, where only questions stand: nothing is kept or taken back. */
  | { readonly kind: 'savepoint'; readonly tag: string; readonly recovers: boolean }
  | { readonly kind: 'set'; readonly name: string; readonly value: string }
  | { readonly kind: 'show'; readonly name: string }
  | { readonly kind: 'reset'; readonly name: string | null }
  | { readonly kind: 'deallocate'; readonly name: string | null }
  | { readonly kind: 'discard'; readonly tag: string }
  /** Accepted, and nothing is done. */
  | { readonly kind: 'nothing'; readonly tag: string }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string }

type Groups = Readonly<Record<string, string | undefined>>

const VALUE = String.raw`(?<value>'(?:[^']|'')*'|[^;]*)`

const forms: readonly (readonly [pattern: string, command: (groups: Groups) => SessionCommand])[] =
  [
    ['(begin|start\\s+transaction)\\b.*', () => ({ kind: 'begin' })],
    ['(commit|end)(\\s+(work|transaction))?', () => ({ kind: 'commit' })],
    [
      'rollback(\\s+(work|transaction))?\\s+to\\b.*',
      () => ({ kind: 'savepoint', tag: 'ROLLBACK', recovers: true })
    ],
    ['(rollback|abort)(\\s+(work|transaction))?', () => ({ kind: 'rollback' })],
    ['savepoint\\s.*', () => ({ kind: 'savepoint', tag: 'SAVEPOINT', recovers: false })],
    ['release\\s.*', () => ({ kind: 'savepoint', tag: 'RELEASE', recovers: false })],
    ['set\\s+(local\\s+|session\\s+)?transaction\\s.*', () => ({ kind: 'nothing', tag: 'SET' })],
    ['set\\s+session\\s+characteristics\\s.*', () => ({ kind: 'nothing', tag: 'SET' })],
    [
      `set\\s+(local\\s+|session\\s+)?time\\s+zone\\s+${VALUE}`,
      groups => ({ kind: 'set', name: 'TimeZone', value: unquote(groups['value']!) })
    ],
    [
      `set\\s+names\\s+${VALUE}`,
      groups => ({ kind: 'set', name: 'client_encoding', value: unquote(groups['value']!) })
    ],
    [
      `set\\s+(local\\s+|session\\s+)?(?<name>[\\w.]+)(\\s*=\\s*|\\s+to\\s+)${VALUE}`,
      groups => ({ kind: 'set', name: groups['name']!, value: unquote(groups['value']!) })
    ],
    [
      'show\\s+transaction\\s+isolation\\s+level',
      () => ({ kind: 'show', name: 'transaction_isolation' })
    ],
    ['show\\s+time\\s+zone', () => ({ kind: 'show', name: 'TimeZone' })],
    ['show\\s+(?<name>\\w+)', ({ name }) => ({ kind: 'show', name: name! })],
    ['reset\\s+all', () => ({ kind: 'reset', name: null })],
    ['reset\\s+(?<name>\\w+)', ({ name }) => ({ kind: 'reset', name: name! })],
    [
      'discard\\s+(?<what>\\w+)',
      ({ what }) => ({ kind: 'discard', tag: `DISCARD ${what!.toUpperCase()}` })
    ],
    ['deallocate(\\s+prepare)?\\s+all', () => ({ kind: 'deallocate', name: null })],
    [
      'deallocate(\\s+prepare)?\\s+(?<name>"[^"]+"|\\w+)',
      ({ name }) => ({ kind: 'deallocate', name: name!.replaceAll('"', '') })
    ],
    ['unlisten\\s.*', () => ({ kind: 'nothing', tag: 'UNLISTEN' })],
    [
      '(declare|fetch|move|close)\\b.*',
      () => ({
        kind: 'refused',
        message: 'cursors are not used so here',
        hint: 'DECLARE c CURSOR FOR SELECT ...; FETCH 100 FROM c; CLOSE c. BINARY is not known.'
      })
    ],
    [
      '(prepare|execute|listen|notify|lock|call|do|vacuum|analyze|grant|revoke|truncate)\\b.*',
      () => ({
        kind: 'refused',
        message: 'a pipeline has no such statement',
        hint: 'It takes SELECT, SHOW, DESCRIBE, INSERT, UPDATE, DELETE, ALTER ... SET and DROP.'
      })
    ]
  ]

const patterns = forms.map(
  ([pattern, command]) => [new RegExp(`^${pattern}$`, 'is'), command] as const
)
/** What none of the patterns begins with is most of what is asked. */
const FIRST =
  /^(begin|start|commit|end|rollback|abort|savepoint|release|set|show|reset|discard|deallocate|close|unlisten|copy|declare|fetch|move|prepare|execute|listen|notify|lock|call|do|vacuum|analyze|grant|revoke|truncate)\b/i
/** What the pipeline itself shows. */
const OBJECTS = /^(sources|sinks|tables|models|views)$/i

/** None of them is longer. */
const LONGEST = 10_000

/** Null: it is for the pipeline. `statement` begins with its first word. */
export function readSessionCommand(statement: string): SessionCommand | null {
  if (!FIRST.test(statement)) return null
  if (/^copy\b/i.test(statement)) return readCopy(statement)
  const ofCursor = readCursorCommand(statement)
  if (ofCursor !== null) return ofCursor
  // Of a long one what it begins with says enough.
  const text = statement.slice(0, LONGEST).trimEnd()
  for (const [pattern, command] of patterns) {
    const match = pattern.exec(text)
    if (match === null) continue
    const found = command(match.groups ?? {})
    return found.kind === 'show' && OBJECTS.test(found.name) ? null : found
  }
  return null
}

function unquote(value: string): string {
  const text = value.trim()
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
  return text.startsWith('"') ? text.slice(1, -1) : text
}
