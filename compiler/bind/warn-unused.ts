import { modelNotUsed, sourceNotRead, tableNotFilled, tableNotRead } from '../diagnostics/bind.ts'
import { type BindContext, report } from './context.ts'

/** What a script declares and nobody uses: most often a name that was misspelt elsewhere. */
export function warnUnused(cx: BindContext): void {
  for (const declaration of cx.catalog.declarations) {
    const { name, span } = declaration
    if (declaration.kind === 'Source' && !cx.read.has(declaration)) {
      report(cx, sourceNotRead(name, span))
    }
    if (declaration.kind !== 'Table') continue
    const isFilled =
      declaration.inserts.length > 0 || declaration.statement?.kind === 'CreateTableAs'
    if (!isFilled) report(cx, tableNotFilled(name, span))
    else if (!cx.read.has(declaration)) report(cx, tableNotRead(name, span))
  }
  for (const model of cx.models) {
    if (!cx.usedModels.has(model.name)) report(cx, modelNotUsed(model.name, model.span))
  }
}
