import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node'
import type { Statement } from '../ast/index.ts'
import { makeSpan, type Span, spanText } from '../source/index.ts'
import type { Declared } from './declared.ts'
import { rangeOf } from './range.ts'
import type { ScriptIndex } from './script-index.ts'

/** The statements of a document, and the columns of what they declare. */
export function documentSymbols({ statements, file, declared }: ScriptIndex): DocumentSymbol[] {
  return statements
    .filter(({ span }) => span.file === file)
    .map(statement => {
      const own = declared.find(one => one.statement === statement && statement.kind !== 'Insert')
      return own === undefined ? actionSymbol(statement) : declaredSymbol(own, statement.span)
    })
}

const kinds = {
  source: SymbolKind.Interface,
  sink: SymbolKind.Interface,
  table: SymbolKind.Class,
  view: SymbolKind.Class,
  model: SymbolKind.Module
} as const

function declaredSymbol({ kind, name, span, columns }: Declared, whole: Span): DocumentSymbol {
  const children = columns.flatMap(column => {
    const { span: place, type } = column
    // What a query computes is declared elsewhere.
    if (place === null || !holds(whole, place)) return []
    const symbol = symbolOf(column.name, SymbolKind.Field, place, place)
    return type === null ? symbol : { ...symbol, detail: type }
  })
  return { ...symbolOf(name, kinds[kind], whole, span), detail: kind, children }
}

function actionSymbol(statement: Statement): DocumentSymbol {
  const { span } = statement
  if (statement.kind === 'Test') return symbolOf(statement.name, SymbolKind.Function, span, span)
  const target = targetOf(statement)
  if (target === null) return symbolOf(firstLine(span), SymbolKind.Event, span, span)
  const words = span.file.text.slice(span.start, target.end).replace(/\s+/g, ' ')
  return symbolOf(words, SymbolKind.Event, span, target)
}

function targetOf(statement: Statement): Span | null {
  switch (statement.kind) {
    case 'Insert':
    case 'Update':
    case 'Delete':
      return statement.target.span
    case 'Describe':
    case 'Alter':
    case 'Drop':
    case 'Set':
      return statement.name.span
    default:
      return null
  }
}

function symbolOf(name: string, kind: SymbolKind, whole: Span, place: Span): DocumentSymbol {
  // Editors refuse a symbol without a name.
  return {
    name: name === '' ? '?' : name,
    kind,
    range: rangeOf(whole),
    selectionRange: rangeOf(place)
  }
}

function firstLine(span: Span): string {
  return spanText(makeSpan(span.file, span.start, Math.min(span.end, span.start + 60))).split(
    '\n'
  )[0]!
}

function holds(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end
}
