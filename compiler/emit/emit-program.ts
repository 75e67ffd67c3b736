import { js, makeCode, makeWriter, type Code, type Writer } from '../code/index.ts'
import type { Exchange, Program } from '../ir/index.ts'
import { emitChanges } from './emit-changes.ts'
import { emitDefinition, type PlanTexts } from './emit-definition.ts'
import { emitStage, nameStage } from './emit-stage.ts'
import { emitTable } from './emit-table.ts'
import { emitTask } from './emit-task.ts'
import { makeModule, type Module } from './module.ts'
import type { GroupNames } from './group-names.ts'
import type { JoinNames } from './join-names.ts'
import { nameTables } from './table-names.ts'
import type { OverNames } from './over-names.ts'
import type { TopNames } from './top-names.ts'
import type { SharedNames } from './task-context.ts'

export interface ProgramParts {
  readonly explained: PlanTexts
  readonly version: string
  readonly sql: string
  /** What the definition is: an export, or what a function answers. */
  readonly head: Code
}

/** A program as lines of a module, and what it needs of the module around it. */
export interface EmittedProgram {
  readonly lines: Writer['lines']
  /** As an import spells them. */
  readonly imports: ReadonlySet<string>
  readonly types: ReadonlySet<string>
  /** Those that run in it. */
  readonly models: ReadonlySet<string>
}

/** `exchanges`: those that it writes. */
export function emitProgram(
  program: Program,
  exchanges: readonly Exchange[],
  { explained, version, sql, head }: ProgramParts
): EmittedProgram {
  const { script } = program
  const { counters } = explained
  const module = makeModule(script, counters)
  if (counters.length > 0) {
    module.constants.line(js`const ${module.rowCounts} = new Float64Array(${counters.length})`)
  }
  const writers = lazyVariables(module, 'writer', 'RecordWriter')
  const models = lazyVariables(module, 'model', 'ModelRunner')
  const clocks = lazyVariables(module, 'clock', 'SourceClock')
  const tables = nameTables(program.tables, module)
  const stages = program.stages.map(stage => nameStage(stage, module))
  const named = new Map(stages.map(names => [names.stage.name, names]))
  const shared: SharedNames = {
    writer: writers.get,
    model: models.get,
    clock: clocks.get,
    table: name => tables.get(name)!,
    groups: stage => named.get(stage) as GroupNames,
    joins: stage => named.get(stage) as JoinNames,
    top: stage => named.get(stage) as TopNames,
    over: stage => named.get(stage) as OverNames
  }
  for (const names of stages) emitStage(names, module, shared)
  for (const names of tables.values()) emitTable(names, module, shared)
  const runs = program.tasks.map(task => ({
    source: task.source.name,
    run: emitTask(task, module, shared)
  }))
  const changes = emitChanges(script.changes, tables, module)
  const asked = emitChanges(script.asked, tables, module)
  const variables = makeWriter()
  writers.declare(variables)
  models.declare(variables)
  clocks.declare(variables)
  for (const { state, row, rows } of tables.values()) {
    module.useType('TableState')
    module.useType('DerivedRows')
    variables.line(js`let ${state}: TableState<${row}>`)
    variables.line(js`let ${rows}: DerivedRows`)
  }
  for (const { state, stateType, rows } of stages) {
    module.useType('DerivedRows')
    variables.line(js`let ${state}: ${stateType}`)
    variables.line(js`let ${rows}: DerivedRows`)
  }
  if (module.usedClock !== null) variables.line(js`let ${module.usedClock}: PipelineContext`)
  const names = {
    writers: writers.all(),
    models: models.all(),
    clocks: clocks.all(),
    tables: [...tables.values()],
    stages,
    changes,
    asked,
    runs
  }
  const parts = { explained, version, sql, head, exchanges }
  emitDefinition(program, parts, names, module)
  return {
    lines: [
      ...module.constants.lines,
      ...variables.lines,
      { depth: 0, text: '', place: null },
      ...module.body.lines
    ],
    imports: new Set(
      [...module.imports].map(([name, { text }]) =>
        name === text ? text : `${String(name)} as ${text}`
      )
    ),
    types: module.types,
    models: new Set(names.models.map(({ name }) => name))
  }
}

/** Variables that are set when the pipeline opens; each is declared when it is first asked for. */
function lazyVariables(
  module: Module,
  suffix: string,
  type: 'RecordWriter' | 'ModelRunner' | 'SourceClock'
) {
  const variables = new Map<string, Code>()
  return {
    get(name: string): Code {
      const known = variables.get(name)
      if (known !== undefined) return known
      const variable = module.scope.name(`${name} ${suffix}`)
      module.useType(type)
      variables.set(name, variable)
      return variable
    },
    all: () => [...variables].map(([name, variable]) => ({ name, variable })),
    declare(out: Writer) {
      for (const variable of variables.values()) {
        out.line(js`let ${variable}: ${makeCode(type)}`)
      }
    }
  }
}
