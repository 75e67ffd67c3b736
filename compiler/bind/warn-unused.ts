import {
  modelNotUsed,
  sinkNotFed,
  sinkTableNotFound,
  sourceNotRead,
  tableNotFilled,
  tableNotRead
} from '../diagnostics/bind.ts'
import { closest } from '../diagnostics/closest.ts'
import { hasErrors } from '../session.ts'
import type { TableDeclaration } from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { canBeFilled, hasKey } from './tables.ts'

/**
 * What a script declares and nobody uses: most often a name that was misspelt elsewhere. Beside errors nothing is said: what
 * a wrong query reads is not known.
 */
export function warnUnused(cx: BindContext): void {
  if (hasErrors(cx.session)) return
  const meant = warnTables(cx)
  warnSinks(meant, cx)
  for (const declaration of cx.catalog.declarations) {
    if (declaration.kind !== 'Source' || cx.read.has(declaration)) continue
    // A topic that is a table is there to be asked for its rows, like a table with a key.
    const isTable = (cx.sources.get(declaration)?.feeds ?? null) !== null
    if (!isTable) report(cx, sourceNotRead(declaration.name, declaration.span))
  }
  for (const model of cx.models) {
    if (!cx.usedModels.has(model.name)) report(cx, modelNotUsed(model.name, model.span))
  }
}

/** Gives the sinks that INSERTs seem to have meant: they get no warning of their own. */
function warnTables(cx: BindContext): ReadonlySet<string> {
  const meant = new Set<string>()
  const unfed = cx.unfed.filter(({ table }) => table === null).map(({ sink }) => sink.name)
  const missing = cx.unfed.flatMap(({ table }) => table?.name ?? [])
  const tables = tablesOf(cx)
  const names = tables.map(({ name }) => name)
  for (const table of tables) {
    const { name, span, statement } = table
    const isFilled = canBeFilled(table)
    // The sink that misspells it is warned of.
    const isMeant = missing.some(other => closest(other, names) === name)
    const sink = statement === null ? closest(name, unfed) : null
    if (!isFilled) report(cx, tableNotFilled(name, span))
    else if (!cx.read.has(table) && !isMeant && !hasKey(table)) {
      if (sink !== null) meant.add(sink)
      report(cx, tableNotRead(name, span, sink))
    }
  }
  return meant
}

function warnSinks(meant: ReadonlySet<string>, cx: BindContext): void {
  const names = tablesOf(cx).map(({ name }) => name)
  for (const { sink, table } of cx.unfed) {
    if (meant.has(sink.name)) continue
    // A sink may be declared before its table is: one that is nearly called so is a slip.
    const near = table === null ? null : closest(table.name, names)
    if (table !== null && near !== null) {
      report(cx, sinkTableNotFound(table.name, near, table.span))
      continue
    }
    report(cx, sinkNotFed(sink.name, table?.name ?? null, table?.span ?? sink.span, names))
  }
}

function tablesOf({ catalog }: BindContext): readonly TableDeclaration[] {
  return catalog.declarations.filter(declaration => declaration.kind === 'Table')
}
