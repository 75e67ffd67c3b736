import { compileScript } from '../compile.ts'
import type { EmittedPipeline } from '../emit/index.ts'
import { type StateVerdict, verdictOf } from '../../runtime/state/state-verdict.ts'
import { hasErrors } from '../session.ts'
import { type Command, exitCode } from './command.ts'
import { openWithSchemas, printDiagnostics } from './open-script.ts'

const formats = ['text', 'json'] as const

export const diffCommand: Command = {
  name: 'diff',
  usage: '<old.sql> <new.sql>',
  summary:
    'say what becomes of the tables and groups that the old script keeps when the new one takes over',
  options: [
    { name: 'format', value: '<format>', choices: formats, help: 'text (default) or json' }
  ],
  positional: { min: 2, max: 2 },
  async run({ positional, options }) {
    const [before, after] = [await compiled(positional[0]!), await compiled(positional[1]!)]
    if (typeof before === 'number') return before
    if (typeof after === 'number') return after
    const changes = compareStates(before, after)
    const format = (options['format'] ?? 'text') as (typeof formats)[number]
    process.stdout.write(
      format === 'json' ? `${JSON.stringify(changes, null, 2)}\n` : render(changes)
    )
    if (before.name !== after.name && format === 'text') {
      process.stderr.write(
        `Note: state belongs to a pipeline's name, and these are "${before.name}" and "${after.name}".\n`
      )
    }
    return changes.every(({ verdict }) => harmless.has(verdict)) ? exitCode.done : exitCode.script
  }
}

/** What can be deployed as it is. */
const harmless: ReadonlySet<StateChange['verdict']> = new Set(['keep', 'migrate', 'new', 'unused'])

interface StateChange {
  readonly state: string
  readonly verdict: StateVerdict['verdict'] | 'new' | 'unused'
  readonly reason: string
  /** What it is made of, where that has changed: lines that are gone, and lines that have come. */
  readonly gone: readonly string[]
  readonly come: readonly string[]
}

/** The pipeline of a script; a number: the exit code, when it can't be compiled. */
async function compiled(path: string): Promise<EmittedPipeline | number> {
  const session = await openWithSchemas(path)
  if (session === null) return exitCode.usage
  const result = compileScript(session)
  if (hasErrors(session)) printDiagnostics(session, 'text')
  return result === null ? exitCode.script : result.pipeline
}

/** Every state of either script, those of the new one first. */
export function compareStates(
  { states: before }: Pick<EmittedPipeline, 'states'>,
  { states: after }: Pick<EmittedPipeline, 'states'>
): readonly StateChange[] {
  const nothing = { gone: [], come: [] }
  const kept = after.map((state): StateChange => {
    const known = before.find(({ name }) => name === state.name)
    if (known === undefined) {
      const reason = 'it begins empty, with what the sources bring from then on'
      return { state: state.name, verdict: 'new', reason, ...nothing }
    }
    const verdict = verdictOf(known, state)
    const [old, now] = [known.text.split('\n'), state.text.split('\n')]
    const gone = old.filter(line => !now.includes(line))
    const come = now.filter(line => !old.includes(line))
    return { state: state.name, ...verdict, gone, come }
  })
  const unused = before
    .filter(({ name }) => !after.some(state => state.name === name))
    .map(({ name }): StateChange => {
      const reason = 'nothing reads it any more: its topic can be deleted'
      return { state: name, verdict: 'unused', reason, ...nothing }
    })
  return [...kept, ...unused]
}

function render(changes: readonly StateChange[]): string {
  if (changes.length === 0) return 'Neither script keeps a state.\n'
  const width = Math.max(...changes.map(({ verdict }) => verdict.length))
  return changes
    .flatMap(({ state, verdict, reason, gone, come }) => [
      `${verdict.padEnd(width)}  ${state}: ${reason}`,
      ...gone.map(line => `${' '.repeat(width)}  - ${line.trim()}`),
      ...come.map(line => `${' '.repeat(width)}  + ${line.trim()}`)
    ])
    .map(line => `${line}\n`)
    .join('')
}
