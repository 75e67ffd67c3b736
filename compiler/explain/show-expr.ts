import { entryOf } from '../functions/index.ts'
import { type Expr, foldExpr, type LiteralValue } from '../ir/index.ts'
import { showType, type SqlType } from '../types/index.ts'

/** An expression as SQL, for people: parentheses around every operator inside another. */
export function showExpr(root: Expr): string {
  const shown = foldExpr<Shown>(root, (expr, children) => show(expr, children))
  return shown.text
}

interface Shown {
  readonly text: string
  /** Needs no parentheses inside of another operator. */
  readonly atom: boolean
}

function show(expr: Expr, children: readonly Shown[]): Shown {
  const texts = children.map(child => child.text)
  const inner = children.map(child => (child.atom ? child.text : `(${child.text})`))
  switch (expr.kind) {
    case 'Literal':
      return atom(showLiteral(expr.value, expr.type))
    case 'Column':
      return atom(expr.name)
    case 'Call':
      return showCall(expr.function, texts, inner)
    case 'And':
      return operator(inner.join(' AND '))
    case 'Or':
      return operator(inner.join(' OR '))
    case 'Not':
      return operator(`NOT ${inner[0]}`)
    case 'IsNull':
      return operator(`${inner[0]} IS NULL`)
    case 'NotDistinct':
      return operator(`${inner[0]} IS NOT DISTINCT FROM ${inner[1]}`)
    case 'Case':
      return atom(showCase(texts))
    case 'Coalesce':
      return atom(`coalesce(${texts.join(', ')})`)
    case 'In':
      return operator(`${inner[0]} IN (${texts.slice(1).join(', ')})`)
    case 'Cast':
      return atom(`${expr.safe ? 'TRY_CAST' : 'CAST'}(${texts[0]} AS ${showType(expr.type)})`)
    case 'Predict':
      return atom(`predict(${[quote(expr.model), ...texts].join(', ')})`)
  }
}

function showCall(name: string, texts: readonly string[], inner: readonly string[]): Shown {
  const symbol = entryOf(name).symbol
  if (symbol === null) return atom(`${name}(${texts.join(', ')})`)
  return operator(inner.length === 1 ? `${symbol}${inner[0]}` : inner.join(` ${symbol} `))
}

function showCase(texts: readonly string[]): string {
  const parts: string[] = []
  for (let i = 0; i + 1 < texts.length; i += 2) {
    parts.push(`WHEN ${texts[i]} THEN ${texts[i + 1]}`)
  }
  return `CASE ${parts.join(' ')} ELSE ${texts.at(-1)} END`
}

function showLiteral(value: LiteralValue, type: SqlType): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (type.kind === 'Timestamp') return `TIMESTAMP ${quote(showTimestamp(Number(value)))}`
  if (type.kind === 'Decimal' || typeof value !== 'string') return String(value)
  return quote(value.length > 40 ? `${value.slice(0, 40)}...` : value)
}

function showTimestamp(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString().slice(0, -1)
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function atom(text: string): Shown {
  return { text, atom: true }
}

function operator(text: string): Shown {
  return { text, atom: false }
}
