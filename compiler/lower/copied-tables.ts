import { parallelismNeeds } from '../diagnostics/plan.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isVolatile } from '../functions/index.ts'
import type {
  BoundChange,
  BoundPlainChange,
  BoundScript,
  Expr,
  NodeOf,
  SourceTask,
  Step,
  StoredTable,
  StreamNode
} from '../ir/index.ts'
import type { Readers } from './lower-graph.ts'

/** A table that each process has all rows of. */
export interface CopiedTable {
  readonly stored: StoredTable
  /** What reads the topic that it is; null: only statements fill it. */
  readonly task: SourceTask | null
}

/** What a part of a script has of the tables. */
export interface Copies {
  readonly copies: readonly StoredTable[]
  /** What reads their topics. */
  readonly tasks: readonly SourceTask[]
  /** The script with the statements that fill these tables only. */
  readonly script: BoundScript
}

export function takeCopies(tables: readonly CopiedTable[], script: BoundScript): Copies {
  const names = new Set(tables.map(({ stored }) => stored.table.name))
  const own = (changes: readonly BoundChange[]): BoundChange[] =>
    changes.filter(({ table }) => names.has(table))
  return {
    copies: tables.map(({ stored }) => stored),
    tasks: tables.flatMap(({ task }) => task ?? []),
    script: Object.freeze({ ...script, changes: own(script.changes), asked: own(script.asked) })
  }
}

/** The names of the tables that steps look up in. */
export function lookedUpBy(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(step => [
    ...(step.kind === 'Lookup' ? [step.table.name] : []),
    ...('steps' in step ? lookedUpBy(step.steps) : [])
  ])
}

/** The source whose topic a table is; null: it has none. */
export function feedOf({ inputs }: NodeOf<'Table'>): NodeOf<'Source'> | null {
  const [input] = inputs
  return input === undefined ? null : feedBehind(input)
}

function feedBehind(node: StreamNode): NodeOf<'Source'> | null {
  if (node.kind === 'Source') return node.source.feeds === null ? null : node
  return node.kind === 'Project' || node.kind === 'Watermark' ? feedBehind(node.inputs[0]!) : null
}

/**
 * Why a process can't have a copy of a table: each reads it anew at its start, so what is in it must depend on nothing else; and
 * nobody may be told what changes in it, or each process would tell it.
 */
export function whyNoCopy(
  node: NodeOf<'Table'>,
  readers: Readers,
  { changes, settings }: BoundScript
): Diagnostic | null {
  const { table } = node
  const { name, span } = table
  const feed = feedOf(node)
  if (node.inputs.length > 0 && feed === null)
    return parallelismNeeds(
      `table "${name}" is filled by a query, in one process`,
      "Write the query to a sink with format = 'upsert', and read its topic as a table. Where nobody looks up in it, a sink AS SELECT has its rows.",
      span
    )
  const isOnlyAsked = (readers.get(node) ?? []).every(reader => reader.kind === 'Lookup')
  if (!isOnlyAsked || !isOnlyRead(node, readers))
    return parallelismNeeds(
      `what changes in table "${name}" is told by one process`,
      'Look up in it: events JOIN the table. Or let a script of its own, without SET parallelism, read it.',
      span
    )
  if (feed !== null && feed.source.autoOffsetReset !== 'earliest')
    return parallelismNeeds(
      `each process reads table "${name}" from the beginning of its topic, and its source says ${feed.source.autoOffsetReset}`,
      "Say auto_offset_reset = 'earliest'.",
      span
    )
  if (settings.state !== 'memory')
    return parallelismNeeds(
      `each process has all rows of table "${name}" in memory, which SET state = '${settings.state}' forbids`,
      'Leave SET state out.',
      span
    )
  const varying = changes.find(change => change.table === name && mayVary(change))
  if (varying !== undefined)
    return parallelismNeeds(
      `each process fills table "${name}" at its start, and this may be something else each time`,
      'Write the values out.',
      varying.span
    )
  return goesByClock(node)
    ? parallelismNeeds(
        `each process reads table "${name}" at its start, and by the clock of then its rows may be others`,
        "Take the time at which records were written, a column METADATA FROM 'timestamp', and no MAX FUTURE SKEW.",
        span
      )
    : null
}

/** Whether what is read of a topic depends on when it is read. */
function goesByClock(node: StreamNode): boolean {
  if (node.kind === 'Project' && node.exprs.some(isVolatile)) return true
  if (node.kind === 'Watermark' && node.watermark.maxFutureSkew !== null) return true
  return node.inputs.some(goesByClock)
}

/** Whether what goes into the table goes nowhere else. */
function isOnlyRead({ inputs }: StreamNode, readers: Readers): boolean {
  return inputs.every(input => readers.get(input)!.length === 1 && isOnlyRead(input, readers))
}

/** What a query finds in another table may be more in one process than in another. */
function mayVary(change: BoundChange): boolean {
  return change.kind === 'ChangeQuery' || valuesOf(change).some(isVolatile)
}

function valuesOf(change: BoundPlainChange): readonly Expr[] {
  switch (change.kind) {
    case 'InsertValues':
      return change.rows.flat()
    case 'Update':
      return change.where === null ? change.row : [...change.row, change.where]
    case 'Delete':
      return change.where === null ? [] : [change.where]
  }
}
