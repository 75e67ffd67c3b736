import { basename } from 'node:path'
import {
  type Code,
  type Data,
  js,
  makeCode,
  propertyKey,
  type Writer,
  writeData,
  writeText
} from '../code/index.ts'
import {
  type BoundChange,
  type BoundModel,
  type BoundScript,
  type BoundSink,
  type BoundTable,
  type Exchange,
  goesByProcessingTime,
  type Program,
  type Stage,
  verbOf
} from '../ir/index.ts'
import { type Span, spanText } from '../source/index.ts'
import { showType } from '../types/index.ts'
import { type Module, placeOf, shortText } from './module.ts'
import { describeColumns, lineOf } from './define-columns.ts'
import { defineClocks, defineSink, defineSource } from './define-connectors.ts'
import type { CombinerNames } from './combiner-names.ts'
import { identifyStates, meaningOf, type StateText } from './state-identity.ts'
import { type AnyStageNames, closeStage, tellStage } from './emit-stage.ts'
import type { TableNames } from './table-names.ts'

export interface SinkWriter {
  readonly sink: BoundSink
  readonly variable: Code
  readonly name: string
  readonly type: Code
  /** What makes it; null: the runtime does. */
  readonly own: Code | null
}

export interface TaskNames {
  /** Variable and name of each sink's writer and of each model's runner, set when the pipeline opens. */
  readonly writers: readonly SinkWriter[]
  readonly models: readonly { readonly variable: Code; readonly name: string }[]
  readonly clocks: readonly { readonly variable: Code; readonly name: string }[]
  readonly tables: readonly TableNames[]
  readonly stages: readonly AnyStageNames[]
  readonly combiners: readonly CombinerNames[]
  /** As `changes`, of tests. */
  readonly asked: readonly Code[]
  /** One function per statement that changes a table, in script order. */
  readonly changes: readonly Code[]
  /** `rows`: what finds rows in its records; null: each record is one. */
  readonly runs: readonly {
    readonly source: string
    readonly run: Code
    readonly rows: Code | null
  }[]
}

/** The plan in the forms that `explain` prints. */
export interface PlanTexts {
  readonly text: string
  readonly mermaid: string
  readonly json: string
  /** What is counted in the code: see explain/row-counts.ts. */
  readonly counters: readonly string[]
  /** The numbers of what it is at: see explain/work-numbers.ts. */
  readonly work: ReadonlyMap<string, number>
  /** What each state is made of, by its name: see describeStates. */
  readonly states: ReadonlyMap<string, StateText>
}

export interface DefinitionParts {
  readonly explained: PlanTexts
  readonly version: string
  /** The script, for people. */
  readonly sql: string
  /** `export const pipeline =`, or `return`. */
  readonly head: Code
  /** Those that the program writes. */
  readonly exchanges: readonly Exchange[]
  /** The same program as one that shows rows which leave operators; null: there is none. */
  readonly looking: EmittedLines | null
}

export interface EmittedLines {
  readonly lines: Writer['lines']
}

/** Everything that the runtime must know besides the loops. */
export function emitDefinition(
  program: Program,
  { explained, version, sql, head, exchanges, looking }: DefinitionParts,
  names: TaskNames,
  module: Module
): void {
  const { body } = module
  const { script } = program
  const used = new Set(names.models.map(({ name }) => name))
  const data: Readonly<Record<string, Data>> = {
    ...definePipeline(program, version, used),
    sources: program.tasks.map(defineSource),
    sinks: [
      // What is written knows its key.
      ...script.sinks.flatMap(({ name }) =>
        names.writers.filter(writer => writer.name === name).map(({ sink }) => defineSink(sink))
      ),
      ...exchanges.map(exchange => ({
        ...defineSink(exchange.sink),
        exchange: { tasks: exchange.tasks, ...defineClocks(exchange) }
      }))
    ],
    sites: module.sites.map(span => defineSite(span, script)),
    views: script.views.map(spanText)
  }
  body.block(head, () => {
    for (const [key, value] of Object.entries(data)) {
      writeData(body, js`${propertyKey(key)}: `, value, js`,`)
    }
    emitTables(names, program, module)
    body.line(js`stages: [${names.stages.map(defineStage)}],`)
    emitStates(program, explained, module)
    const { counters } = explained
    body.line(js`rowCounts: ${counters.length === 0 ? js`new Float64Array(0)` : module.rowCounts},`)
    emitOpen(names, module)
    emitLooking(looking, body)
    emitPlan(explained, sql, body)
  })
}

function defineStage({ stage, definition }: AnyStageNames): Code {
  return isByClock(stage) ? js`{ ...${definition}, byClock: true }` : definition
}

/** Where others tell processing time it never goes back, as event time. */
function isByClock(stage: Stage): boolean {
  return goesByProcessingTime(stage) && 'clocks' in stage && stage.clocks.length === 0
}

/** What is said of a pipeline as a whole. */
export function definePipeline(
  { script }: Program,
  version: string,
  models: ReadonlySet<string>
): Readonly<Record<string, Data>> {
  return {
    name: script.name,
    version,
    script: basename(script.path),
    delivery: script.settings.delivery,
    commitInterval: script.settings.commitInterval,
    ...(script.settings.state === 'memory' ? {} : { backend: script.settings.state }),
    models: script.models.filter(({ name }) => models.has(name)).map(defineModel)
  }
}

/** What the pipeline's states hold: with a state of another script it goes on only where that holds the same. */
function emitStates(program: Program, { states }: PlanTexts, { body }: Module): void {
  const identities = identifyStates(program, states, program.tasks)
  if (identities.length === 0) return body.line(js`states: [],`)
  writeData(body, js`states: `, identities.map(identity => ({ ...identity })) as Data, js`,`)
}

/** Only with --sample-records somebody calls it: V8 has not even read it till then. */
export function emitLooking(looking: EmittedLines | null, body: Writer): void {
  if (looking === null) return
  body.comment('The same, which shows some of the rows on their way.')
  body.nest(js`looking() {`, () => body.insert(looking.lines), js`},`)
}

function emitOpen(names: TaskNames, module: Module): void {
  const { writers, models, clocks, tables, stages, combiners, runs } = names
  const { body, usedClock } = module
  const open = (): void => {
    for (const line of module.opening) body.line(line)
    for (const { variable, name, own } of writers) {
      const args = own === null ? [js`${name}`] : [js`${name}`, own]
      body.line(js`${variable} = cx.writer(${args})`)
    }
    for (const { variable, name } of models) body.line(js`${variable} = cx.model(${name})`)
    for (const { variable, name } of clocks) body.line(js`${variable} = cx.clock(${name})`)
    for (const { state, rows, stored } of tables) {
      body.line(js`${state} = cx.table(${stored.table.name})`)
      body.line(js`${rows} = cx.rows(${stored.table.name})`)
    }
    for (const { state, stateClass, definition, rows, stage } of stages) {
      body.line(js`${state} = cx.keep(new ${stateClass}(${definition}))`)
      body.line(js`${rows} = cx.rows(${stage.name})`)
    }
    for (const { groups, rows, combiner } of combiners) {
      body.line(js`${groups} = cx.combine(new ${module.use('CombinedGroups')}())`)
      body.line(js`${rows} = cx.rows(${combiner.name})`)
    }
    if (usedClock !== null) body.line(js`${usedClock} = cx`)
    if (module.looked.length > 0) {
      const rows = module.looked.map(({ key, schema }) => ({
        key,
        columns: schema.columns.map(({ name, type }) => ({ name, type }))
      }))
      writeData(body, js`${module.lookVariable} = cx.look(`, rows as unknown as Data, js`)`)
    }
    const tasks = runs.map(({ source, run, rows }) =>
      rows === null
        ? js`{ source: ${source}, run: ${run} }`
        : js`{ source: ${source}, rows: ${rows}, run: ${run} }`
    )
    const closing = [
      ...stages.flatMap(one => closeStage(one, module)),
      ...combiners.map(({ groups, sendAll }) => js`if (${groups}.isFull) ${sendAll}()`)
    ]
    const changing = [
      ...stages.flatMap(one => tellStage(one) ?? []),
      ...combiners.map(({ sendAll }) => js`${sendAll}()`)
    ]
    body.block(js`return`, () => {
      body.line(js`tasks: [${tasks}],`)
      writeCalls('closeWindows', closing, module)
      writeCalls('tellChanges', changing, module)
    })
  }
  body.nest(js`open(cx) {`, open, js`},`)
}

function writeCalls(
  name: 'closeWindows' | 'tellChanges',
  calls: readonly Code[],
  module: Module
): void {
  const { body } = module
  const end = name === 'closeWindows' ? js`,` : js``
  const head = makeCode(name)
  if (calls.length === 0) body.line(js`*${head}() {}${end}`)
  else body.nest(js`*${head}() {`, () => calls.forEach(call => body.line(call)), js`}${end}`)
}

/** Tables that are kept, and the statements that change them: they name functions of the module. */
function emitTables(
  { tables, changes, asked }: TaskNames,
  { script, copies }: Program,
  module: Module
): void {
  const { body } = module
  const isCopy = ({ stored }: TableNames): boolean => copies.includes(stored)
  const writeTables = (all: readonly TableNames[]) => (): void =>
    all.forEach(names => writeTable(names, module))
  const kept = tables.filter(names => !isCopy(names))
  const writeChanges = (): void =>
    script.changes.forEach((change, i) =>
      body.line(js`${defineChange(change, changes[i]!, script)},`)
    )
  if (kept.length === 0) body.line(js`tables: [],`)
  else body.nest(js`tables: [`, writeTables(kept), js`],`)
  if (copies.length > 0) body.nest(js`copies: [`, writeTables(tables.filter(isCopy)), js`],`)
  if (changes.length === 0) body.line(js`changes: [],`)
  else body.nest(js`changes: [`, writeChanges, js`],`)
  const writeAsked = (): void =>
    script.asked.forEach((change, i) => {
      const run = asked[i]!
      body.line(js`{ statement: ${statementOf(change)}, table: ${change.table}, run: ${run} },`)
    })
  if (asked.length > 0) body.nest(js`asked: [`, writeAsked, js`],`)
}

/** What the executable's `explain` prints: last, as it is the longest. */
export function emitPlan({ text, mermaid, json }: PlanTexts, sql: string, body: Writer): void {
  const writePlan = (): void => {
    writeText(body, js`text: `, text, js`,`)
    writeText(body, js`mermaid: `, mermaid, js`,`)
    writeData(body, js`json: JSON.stringify(`, JSON.parse(json) as Data, js`, null, 2) + ${'\n'}`)
  }
  body.nest(js`plan: {`, writePlan, js`},`)
  writeText(body, js`sql: `, sql, js``)
}

function defineModel(model: BoundModel): Data {
  const { name, sha256, batchSize, timeout, inputs, output } = model
  return {
    name,
    sha256,
    batchSize,
    timeout,
    inputs: inputs.map(input => ({ ...input })),
    output: { ...output }
  }
}

function defineSite(span: Span, script: BoundScript): Data {
  const isInside = (whole: Span): boolean => whole.start <= span.start && span.end <= whole.end
  const change = script.changes.find(candidate => isInside(candidate.span))
  const { line, column } = placeOf(span)
  const statement =
    insertAround(span, script) ?? (change === undefined ? `line ${line}` : statementOf(change))
  return { statement, line, column, text: shortText(span, 80) }
}

function insertAround({ start, end }: Span, { inserts }: BoundScript): string | null {
  const around = inserts.find(({ span }) => span.start <= start && end <= span.end)
  return around === undefined ? null : `INSERT INTO ${around.target.name}`
}

function statementOf(change: BoundChange): string {
  const words = { INSERT: 'INSERT INTO', UPDATE: 'UPDATE', DELETE: 'DELETE FROM' }
  return `${words[verbOf(change)]} ${change.table}`
}

function defineChange(change: BoundChange, run: Code, script: BoundScript): Code {
  const statement = insertAround(change.span, script) ?? statementOf(change)
  const meaning = meaningOf(spanText(change.span).replace(/\s+/g, ' '))
  const { table, span } = change
  return js`{ statement: ${statement}, table: ${table}, meaning: ${meaning}, line: ${lineOf(span)}, run: ${run} }`
}

function writeTable({ stored, indexes, changed }: TableNames, { body }: Module): void {
  const { table } = stored
  const { name, schema, key, nullsInKey, span } = table
  const write = (): void => {
    body.line(js`name: ${name},`)
    writeData(body, js`columns: `, describeColumns(schema), js`,`)
    writeData(body, js`key: `, key, js`,`)
    if (nullsInKey) body.line(js`nullsInKey: true,`)
    body.line(js`indexes: [${indexes}],`)
    body.line(js`changed: ${changed},`)
    body.line(js`sources: [${stored.sources.map(source => js`${source}`)}],`)
    writeText(body, js`sql: `, table.written ? '' : declarationOf(table), js`,`)
    body.line(js`line: ${lineOf(span)}`)
  }
  body.nest(js`{`, write, js`},`)
}

/** As the script has it, or as it could have it. */
function declarationOf({ declaration, name, schema, key, nullsInKey }: BoundTable): string {
  if (declaration !== null) return spanText(declaration)
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const columns = schema.columns.map(
    column => `${quote(column.name)} ${showType(column.type)}${column.nullable ? '' : ' NOT NULL'}`
  )
  const names = (key ?? []).map(index => quote(schema.columns[index]!.name))
  const kind = nullsInKey ? 'UNIQUE NULLS NOT DISTINCT' : 'PRIMARY KEY'
  const all = names.length === 0 ? columns : [...columns, `${kind} (${names.join(', ')})`]
  return `CREATE TABLE ${quote(name)} (${all.join(', ')})`
}
