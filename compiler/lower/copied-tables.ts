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

/** A table that whoever looks up in it has all rows of. */
export interface CopiedTable {
  readonly stored: StoredTable
  /** What reads the topic that it is; null: only statements fill it. */
  readonly task: SourceTask | null
  /** Whether it is state too, in the part that is not split. */
  readonly isKept: boolean
}

/** What a part of a script has of the tables. */
export interface Copies {
  readonly copies: readonly StoredTable[]
  /** What reads their topics. */
  readonly tasks: readonly SourceTask[]
  /** The script with the statements that fill its tables only. */
  readonly script: BoundScript
}

/** `kept`: the tables that are state of the part. */
export function takeCopies(
  tables: readonly CopiedTable[],
  kept: readonly StoredTable[],
  script: BoundScript
): Copies {
  const stored = [...kept, ...tables.map(copy => copy.stored)]
  const names = new Set(stored.map(({ table }) => table.name))
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

/** Why a process can't have a copy of a table: each reads it anew at its start, so what is in it must depend on nothing else. */
export function whyNoCopy(
  node: NodeOf<'Table'>,
  readers: Readers,
  { changes, settings }: BoundScript
): string | null {
  const { name } = node.table
  const feed = feedOf(node)
  if (node.inputs.length > 0 && feed === null) return 'a query fills it'
  if (!isOnlyRead(node, readers)) return 'the versions of its rows are joined'
  if (feed !== null && feed.source.autoOffsetReset !== 'earliest')
    return `others would read it from the beginning of its topic, and its source says ${feed.source.autoOffsetReset}`
  if (settings.state !== 'memory')
    return `others would have it in memory, which SET state = '${settings.state}' forbids`
  if (changes.some(change => change.table === name && mayVary(change)))
    return 'a statement that fills it may be something else at another start'
  return goesByClock(node) ? 'by the clock of another start its rows may be others' : null
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
