import type { AggregateExpr, Expr, Query, Relation, Select, Top } from './query.ts'
import { showLiteral } from './scalar-type.ts'

/** Ours, or the batch engine's. */
export type Dialect = 'ours' | 'batch'

export function showQuery(query: Query, dialect: Dialect): string {
  if (query.kind === 'select') return showSelect(query, dialect)
  const side = (part: Query): string =>
    part.kind === 'set' || part.top?.rank === 'LIMIT'
      ? `(${showQuery(part, dialect)})`
      : showQuery(part, dialect)
  return `${side(query.left)} ${query.operation} ${side(query.right)}`
}

function showSelect(select: Select, dialect: Dialect): string {
  const { items, top } = select
  if (top === null) return showPlain(select, '', dialect)
  if (top.rank === 'LIMIT') {
    const order = showOrder(top, i => `c${i}`)
    return `${showPlain(select, '', dialect)} ORDER BY ${order} LIMIT ${top.count}`
  }
  const show = (i: number): string => showExpr(items[i]!, dialect)
  const partition =
    top.partition.length === 0 ? '' : `PARTITION BY ${top.partition.map(show).join(', ')} `
  const over = `${partition}ORDER BY ${showOrder(top, show)}`
  const ranked = showPlain(select, `, ${top.rank}() OVER (${over}) AS place`, dialect)
  const names = items.map((_, i) => `c${i}`).join(', ')
  return `SELECT ${names} FROM (${ranked}) AS ranked WHERE place <= ${top.count}`
}

/** The dialects put NULL to different ends unless told. */
function showOrder({ descending, order }: Top, show: (i: number) => string): string {
  const direction = descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'
  return order.map(i => `${show(i)} ${direction}`).join(', ')
}

function showPlain(select: Select, more: string, dialect: Dialect): string {
  const show = (expr: Expr): string => showExpr(expr, dialect)
  const { distinct, from, groupBy, sets, having, items, where } = select
  const list = items.map((item, i) => `${show(item)} AS c${i}`).join(', ')
  const keys = (groupBy ?? []).map(show).join(', ')
  return [
    `SELECT ${distinct ? 'DISTINCT ' : ''}${list}${more}`,
    `FROM ${showRelation(from, dialect)}`,
    ...(where === null ? [] : [`WHERE ${show(where)}`]),
    ...(keys === '' ? [] : [`GROUP BY ${sets === null ? keys : `${sets} (${keys})`}`]),
    ...(having === null ? [] : [`HAVING ${show(having)}`])
  ].join(' ')
}

function showRelation(relation: Relation, dialect: Dialect): string {
  switch (relation.kind) {
    case 'table':
      return `${relation.table} AS ${relation.name}`
    case 'derived':
      return `(${showQuery(relation.query, dialect)}) AS ${relation.name}`
    case 'join': {
      const { join, left, on, right } = relation
      const sides = [left, right].map(side => showRelation(side, dialect))
      const condition = on === null ? '' : ` ON ${showExpr(on, dialect)}`
      return `${sides.join(` ${join} JOIN `)}${condition}`
    }
  }
}

function showExpr(expr: Expr, dialect: Dialect): string {
  switch (expr.kind) {
    case 'column':
      return `${expr.relation}.${expr.name}`
    case 'literal':
      return showLiteral(expr.type, expr.value)
    case 'apply':
      return expr.operation.show(...expr.args.map(arg => showExpr(arg, dialect)))
    case 'aggregate':
      return showAggregate(expr, dialect)
    case 'in': {
      const value = showExpr(expr.value, dialect)
      return `(${value} ${expr.not ? 'NOT ' : ''}IN (${showQuery(expr.query, dialect)}))`
    }
    case 'quantified': {
      const { comparison, value, query } = expr
      return `(${showExpr(value, dialect)} ${comparison} (${showQuery(query, dialect)}))`
    }
    case 'exists':
      return `(${expr.not ? 'NOT ' : ''}EXISTS (${showQuery(expr.query, dialect)}))`
    case 'scalar':
      return `(${showQuery(expr.query, dialect)})`
  }
}

function showAggregate(expr: AggregateExpr, dialect: Dialect): string {
  const { argument, distinct, filter, name } = expr
  const of = argument === null ? '*' : showExpr(argument, dialect)
  const where = filter === null ? '' : ` FILTER (WHERE ${showExpr(filter, dialect)})`
  const call = `${name}(${distinct ? 'DISTINCT ' : ''}${of})${where}`
  // The batch engine has no other average of decimals.
  const isDecimal = name === 'AVG' && argument?.type === 'DECIMAL'
  return isDecimal && dialect === 'ours' ? `CAST(${call} AS DOUBLE)` : call
}
