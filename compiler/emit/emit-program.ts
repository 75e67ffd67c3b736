import { js, makeCode, makeWriter, type Code, writeData, type Writer } from '../code/index.ts'
import type { BoundSink, Exchange, Program } from '../ir/index.ts'
import type { RowType } from '../types/index.ts'
import { typeData } from './emit-arrow-columns.ts'
import { nameCombiner } from './combiner-names.ts'
import { emitChanges } from './emit-changes.ts'
import { emitCombiner } from './emit-combine.ts'
import { emitDefinition, type PlanTexts, type SinkWriter } from './emit-definition.ts'
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
  /** Whether it shows rows that leave operators. */
  readonly looks: boolean
  /** The same program as one that does; null: there is none. */
  readonly looking: EmittedProgram | null
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
  { explained, version, sql, head, looks, looking }: ProgramParts
): EmittedProgram {
  const { script } = program
  const { counters, work } = explained
  const module = makeModule(script, { counters, work, looks })
  if (counters.length > 0) {
    module.constants.line(js`const ${module.rowCounts} = new Float64Array(${counters.length})`)
  }
  const writers = sinkWriters(module)
  const models = lazyVariables(module, 'model', 'ModelRunner')
  const clocks = lazyVariables(module, 'clock', 'SourceClock')
  const tables = nameTables([...program.tables, ...program.copies], module)
  const stages = program.stages.map(stage => nameStage(stage, module))
  const named = new Map(stages.map(names => [names.stage.name, names]))
  const combiners = exchanges.flatMap(({ combiner }) =>
    combiner === null ? [] : [nameCombiner(combiner, module)]
  )
  const shared: SharedNames = {
    writer: writers.get,
    model: models.get,
    clock: clocks.get,
    table: name => tables.get(name)!,
    combiner: exchange => combiners.find(({ combiner }) => combiner.name === exchange)!,
    groups: stage => named.get(stage) as GroupNames,
    joins: stage => named.get(stage) as JoinNames,
    top: stage => named.get(stage) as TopNames,
    over: stage => named.get(stage) as OverNames
  }
  for (const names of stages) emitStage(names, module, shared)
  for (const names of tables.values()) emitTable(names, module, shared)
  for (const names of combiners) emitCombiner(names, module, shared)
  const runs = program.tasks.map(task => ({
    source: task.source.name,
    ...emitTask(task, module, shared)
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
  for (const { group, groups, rows } of combiners) {
    module.useType('DerivedRows')
    variables.line(js`let ${groups}: ${module.use('CombinedGroups')}<${group}>`)
    variables.line(js`let ${rows}: DerivedRows`)
  }
  if (module.usedClock !== null) variables.line(js`let ${module.usedClock}: PipelineContext`)
  if (module.looked.length > 0) {
    module.useType('RowLook')
    variables.line(js`let ${module.lookVariable}: RowLook`)
  }
  const names = {
    writers: writers.all(),
    models: models.all(),
    clocks: clocks.all(),
    tables: [...tables.values()],
    stages,
    combiners,
    changes,
    asked,
    runs
  }
  const parts = { explained, version, sql, head, exchanges, looking }
  emitDefinition(program, parts, names, module)
  return {
    lines: [
      ...module.constants.lines,
      ...variables.lines,
      { depth: 0, text: '', place: null },
      ...module.body.lines
    ],
    imports: new Set([
      ...[...module.imports].map(([name, { text }]) =>
        name === text ? text : `${String(name)} as ${text}`
      ),
      ...(looking?.imports ?? [])
    ]),
    types: new Set([...module.types, ...(looking?.types ?? [])]),
    models: new Set(names.models.map(({ name }) => name))
  }
}

/** The variable of each sink's writer, and the writer where it is one of the sink's own. */
function sinkWriters(module: Module) {
  const variables = new Map<string, SinkWriter>()
  return {
    get(sink: BoundSink, schema: RowType): Code {
      const { name, format, batchSize } = sink
      const known = variables.get(name)
      if (known !== undefined) return known.variable
      const variable = module.scope.name(`${name} writer`)
      if (format === 'arrow') {
        const columns = module.scope.constant(`${name} columns`)
        const described = schema.columns.map(column => ({ ...column, type: typeData(column.type) }))
        writeData(module.constants, js`const ${columns} = `, described, js` as const`)
        const type = module.use('ArrowWriter')
        const own = js`new ${type}(${columns}, ${batchSize})`
        variables.set(name, { sink, name, variable, type, own })
      } else {
        module.useType('RecordWriter')
        variables.set(name, { sink, name, variable, type: js`RecordWriter`, own: null })
      }
      return variable
    },
    all: () => [...variables.values()],
    declare(out: Writer) {
      for (const { variable, type } of variables.values()) out.line(js`let ${variable}: ${type}`)
    }
  }
}

/** Variables that are set when the pipeline opens; each is declared when it is first asked for. */
function lazyVariables(module: Module, suffix: string, type: 'ModelRunner' | 'SourceClock') {
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
