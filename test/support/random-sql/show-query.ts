import type { AggregateExpr, DerivedRelation, Expr, Query, Relation, Select, Top } from './query.ts'
import { showLiteral } from './scalar-type.ts'

/** As the batch engine takes it. */
export function showForBatch(query: Query): string {
  return showQuery(query, 'batch')
}

/** In our dialect: the query, and the views and tables that it reads, in their order. */
export function showOurs(query: Query): { readonly declared: string; readonly query: string } {
  const declared: Declared = new Map()
  const shown = showQuery(query, declared)
  const statements = [...declared.values()].map(({ statement }) => `${statement};\n`)
  return { declared: statements.join(''), query: shown }
}

/** The batch engine's, or ours with what has been declared for it. */
type Dialect = 'batch' | Declared
type Declared = Map<Query, { readonly name: string; readonly statement: string }>

function showQuery(query: Query, dialect: Dialect): string {
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
  const keys = (groupBy ?? []).map(show)
  return [
    `SELECT ${distinct ? 'DISTINCT ' : ''}${list}${more}`,
    `FROM ${showRelation(from, dialect)}`,
    ...(where === null ? [] : [`WHERE ${show(where)}`]),
    ...(keys.length === 0 ? [] : [`GROUP BY ${showKeys(keys, sets)}`]),
    ...(having === null ? [] : [`HAVING ${show(having)}`])
  ].join(' ')
}

/** Of GROUPING SETS: all keys, each alone, and none. */
function showKeys(keys: readonly string[], sets: Select['sets']): string {
  const all = keys.join(', ')
  if (sets === null) return all
  if (sets !== 'GROUPING SETS') return `${sets} (${all})`
  const single = keys.length === 1 ? [] : keys.map(key => `(${key})`)
  return `GROUPING SETS (${[`(${all})`, ...single, '()'].join(', ')})`
}

function showRelation(relation: Relation, dialect: Dialect): string {
  switch (relation.kind) {
    case 'table':
      return `${relation.table} AS ${relation.name}`
    case 'derived':
      return `${showDerived(relation, dialect)} AS ${relation.name}`
    case 'join': {
      const { join, left, on, right } = relation
      const sides = [left, right].map(side => showRelation(side, dialect))
      const condition = on === null ? '' : ` ON ${showExpr(on, dialect)}`
      return `${sides.join(` ${join} JOIN `)}${condition}`
    }
  }
}

function showDerived({ as, name, query }: DerivedRelation, dialect: Dialect): string {
  if (as === 'subquery' || dialect === 'batch') return `(${showQuery(query, dialect)})`
  const found = dialect.get(query)
  if (found !== undefined) return found.name
  const statement = `CREATE ${as.toUpperCase()} v${name} AS ${showQuery(query, dialect)}`
  dialect.set(query, { name: `v${name}`, statement })
  return `v${name}`
}

function showExpr(expr: Expr, dialect: Dialect): string {
  switch (expr.kind) {
    case 'column':
      return `${expr.relation}.${expr.name}`
    case 'literal':
      return showLiteral(expr.type, expr.value)
    case 'apply':
      return expr.operation.show(...expr.args.map(arg => showExpr(arg, dialect)))
    case 'grouping':
      return `CAST(GROUPING(${showExpr(expr.key, dialect)}) AS INT)`
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
  const order = showAggregateOrder(expr, of, dialect)
  const quantifier = distinct ? 'DISTINCT ' : ''
  const isBatch = dialect === 'batch'
  switch (name) {
    case 'PERCENTILE_CONT':
    case 'PERCENTILE_DISC':
      return `${name}(0.25) WITHIN GROUP (ORDER BY ${of})${where}`
    case 'STRING_AGG':
      return `STRING_AGG(${quantifier}${of}, ';'${order})${where}`
    case 'FIRST_VALUE':
    case 'LAST_VALUE':
      return `${isBatch ? name.slice(0, -'_VALUE'.length) : name}(${of}${order})${where}`
    case 'VAR_POP':
    case 'STDDEV_SAMP':
      // Of which the last digits depend on the order of rows: no answer is near a whole number.
      return `floor(${name}(${quantifier}${of})${where} * 1000 + 0.123)`
    default: {
      const call = `${name}(${quantifier}${of})${where}`
      return isDecimalMean(expr) && !isBatch ? `CAST(${call} AS DOUBLE)` : call
    }
  }
}

/** The batch engine has no other average of decimals than a DOUBLE. */
function isDecimalMean({ argument, name }: AggregateExpr): boolean {
  return name === 'AVG' && argument?.type === 'DECIMAL'
}

function showAggregateOrder({ order }: AggregateExpr, of: string, dialect: Dialect): string {
  if (order === null) return ''
  const direction = order.descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'
  const keys = [...(order.by === null ? [] : [showExpr(order.by, dialect)]), of]
  return ` ORDER BY ${keys.map(key => `${key} ${direction}`).join(', ')}`
}
