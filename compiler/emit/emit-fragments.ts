import { type Code, js, makeScope, makeWriter, propertyKey, writeData } from '../code/index.ts'
import { type Fragment, type Program, stateKey } from '../ir/index.ts'
import { definePipeline, emitLooking, emitPlan } from './emit-definition.ts'
import { type EmittedProgram, emitProgram, type ProgramParts } from './emit-program.ts'

/** What stands in for the plan of a part: the whole has one. */
export const noPlan = { text: '', mermaid: '', json: '{}' }

/**
 * A function for each part of the script, which makes what it runs with variables of its own: a process may have several tasks of
 * one part.
 */
export function emitFragments(
  whole: Program,
  fragments: readonly Fragment[],
  { explained, version, sql, head, looks, looking }: ProgramParts
): EmittedProgram {
  const out = makeWriter()
  const scope = makeScope()
  const imports = new Set<string>()
  const types = new Set(['PipelineTopology', 'PipelineDefinition'])
  const models = new Set<string>()
  const made = fragments.map(fragment => {
    const { stage, checksTables, isUndivided, tasks, program, exchanges } = fragment
    const { states, counters, work } = explained
    const copied = new Set(program.copies.map(({ table }) => stateKey(table.name)))
    // Who checks the records of a table counts them for all who have copies.
    const counted = counters.map(key => (!checksTables && copied.has(key) ? UNCOUNTED : key))
    const own = { ...noPlan, states, counters: counted, work }
    const parts = { explained: own, version, sql: '', head: js`return`, looks, looking: null }
    const emitted = emitProgram(program, exchanges, parts)
    for (const name of emitted.imports) imports.add(name)
    for (const name of emitted.types) types.add(name)
    for (const name of emitted.models) models.add(name)
    const make = scope.name(`make ${stage ?? (checksTables ? 'tables' : 'sources')}`)
    out.comment(describe(fragment))
    out.block(js`function ${make}(): PipelineDefinition`, () => out.insert(emitted.lines))
    out.blank()
    const kind = checksTables
      ? js` checksTables: true,`
      : isUndivided
        ? js` isUndivided: true,`
        : js``
    return js`{ stage: ${stage},${kind} tasks: ${tasks}, make: ${make} }`
  })
  out.block(head, () => {
    for (const [key, value] of Object.entries(definePipeline(whole, version, models)))
      writeData(out, js`${propertyKey(key)}: `, value, js`,`)
    out.nest(js`fragments: [`, () => writeList(made, line => out.line(line)), js`],`)
    emitLooking(looking, out)
    emitPlan(explained, sql, out)
  })
  for (const name of looking?.imports ?? []) imports.add(name)
  for (const name of looking?.types ?? []) types.add(name)
  return { lines: out.lines, imports, types, models }
}

/** No operator is called so. */
const UNCOUNTED = ''

const CHECKS =
  'Reads topics that are tables and tells what is no row in them: who looks up in the tables reads them too.'

function describe({ stage, checksTables, isUndivided, tasks }: Fragment): string {
  if (checksTables) return CHECKS
  if (isUndivided) return 'What is not split: one process does it.'
  if (stage === null) return 'Reads the sources: any number of processes share their partitions.'
  return `${stage}: in ${tasks} ${tasks === 1 ? 'task' : 'tasks'}, each with the state of its keys.`
}

function writeList(items: readonly Code[], write: (line: Code) => void): void {
  items.forEach((item, i) => write(i + 1 < items.length ? js`${item},` : item))
}
