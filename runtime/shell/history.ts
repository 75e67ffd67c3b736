import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/** How many statements are remembered. */
const SIZE = 1000

/** What was entered before, also in earlier shells. */
export interface History {
  /** The last one first, as readline has it. */
  readonly entries: readonly string[]
  /** A statement, or a command of the shell, as it was typed. */
  add(text: string): void
}

/** Kept between shells in the user's own folder; where that can't be, for this one only. */
export function openHistory(environment: Readonly<Record<string, string | undefined>>): History {
  const folder = stateFolder(environment)
  const path = folder === null ? null : join(folder, 'sql-history')
  let entries = path === null ? [] : readEntries(path)
  return {
    get entries() {
      return entries
    },
    add(text) {
      for (const entry of entriesOf(text)) {
        entries = [entry, ...entries.filter(other => other !== entry)].slice(0, SIZE)
        if (folder === null || path === null) continue
        try {
          mkdirSync(folder, { recursive: true, mode: 0o700 })
          appendFileSync(path, `${entry}\n`, { mode: 0o600 })
        } catch {
          // A shell without a memory is still a shell.
        }
      }
    }
  }
}

function stateFolder({
  XDG_STATE_HOME: state,
  HOME: home
}: Readonly<Record<string, string | undefined>>): string | null {
  if (state !== undefined && isAbsolute(state)) return join(state, 'miraclec')
  return home === undefined || home === '' ? null : join(home, '.local/state/miraclec')
}

function readEntries(path: string): readonly string[] {
  try {
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    // Now and then, so that it does not grow for ever.
    if (lines.length > 2 * SIZE) writeFileSync(path, `${lines.slice(-SIZE).join('\n')}\n`)
    return [...new Set(lines.reverse())].filter(line => line !== '').slice(0, SIZE)
  } catch {
    return []
  }
}

/** What must keep its line ends, or ends with its line. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$\$[^]*?\$\$|\/\*[^]*?\*\/|--.*|#.*/g

/** On one line, unless that changed what it says: then a line each. */
function entriesOf(text: string): readonly string[] {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const parts = text.match(PARTS) ?? []
  const mayJoin = parts.every(part => !/\n|^(--|#)/.test(part))
  return mayJoin ? [lines.map(line => line.trim()).join(' ')] : lines
}
