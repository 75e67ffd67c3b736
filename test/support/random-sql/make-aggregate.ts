import { pick, type Random } from '../functions/random-value.ts'
import { makeExpr, type Scope } from './make-expr.ts'
import type { AggregateExpr, AggregateOrder, Expr } from './query.ts'
import type { ScalarType } from './scalar-type.ts'

interface AggregateKind {
  readonly name: AggregateExpr['name']
  readonly takes: readonly ScalarType[]
  readonly gives: (argument: ScalarType) => ScalarType
  /** By what its rows are put in order; absent: their order does not matter. */
  readonly order?: 'argument' | 'any'
  readonly distinct?: false
}

const numbers: readonly ScalarType[] = ['INT', 'BIGINT', 'DECIMAL', 'DOUBLE']
const ordered: readonly ScalarType[] = [...numbers, 'TEXT', 'TIMESTAMP']
/** Whose squares are exact. */
const measured: readonly ScalarType[] = ['INT', 'DOUBLE']
const sums: Partial<Record<ScalarType, ScalarType>> = { INT: 'BIGINT', BIGINT: 'DECIMAL' }

const kinds: readonly AggregateKind[] = [
  { name: 'COUNT', takes: [...ordered, 'BOOLEAN'], gives: () => 'BIGINT' },
  { name: 'SUM', takes: numbers, gives: type => sums[type] ?? type },
  { name: 'MIN', takes: ordered, gives: type => type },
  { name: 'MAX', takes: ordered, gives: type => type },
  { name: 'AVG', takes: numbers, gives: () => 'DOUBLE' },
  { name: 'BOOL_AND', takes: ['BOOLEAN'], gives: () => 'BOOLEAN' },
  { name: 'BOOL_OR', takes: ['BOOLEAN'], gives: () => 'BOOLEAN' },
  { name: 'VAR_POP', takes: measured, gives: () => 'DOUBLE' },
  { name: 'STDDEV_SAMP', takes: measured, gives: () => 'DOUBLE' },
  { name: 'PERCENTILE_CONT', takes: ['DOUBLE'], gives: () => 'DOUBLE', distinct: false },
  { name: 'PERCENTILE_DISC', takes: ordered, gives: type => type, distinct: false },
  { name: 'STRING_AGG', takes: ['TEXT'], gives: () => 'TEXT', order: 'argument' },
  { name: 'STRING_AGG', takes: ['TEXT'], gives: () => 'TEXT', order: 'any', distinct: false },
  { name: 'FIRST_VALUE', takes: ordered, gives: type => type, order: 'any', distinct: false },
  { name: 'LAST_VALUE', takes: ordered, gives: type => type, order: 'any', distinct: false }
]

/** Any aggregate, or one of a type, over columns in scope. */
export function makeAggregate(
  random: Random,
  scope: Scope,
  type: ScalarType | null = null
): AggregateExpr {
  const filter = random(4) === 0 ? makeExpr(random, scope, 'BOOLEAN', 2) : null
  if ((type ?? 'BIGINT') === 'BIGINT' && random(5) === 0) return countAll(filter)
  const choices = kinds
    .map(kind => ({ kind, taken: kind.takes.filter(takes => fits(kind.gives(takes), type)) }))
    .filter(({ taken }) => taken.length > 0)
  const { kind, taken } = pick(random, choices)
  const argument = makeExpr(random, scope, pick(random, taken), 1)
  const distinct = kind.distinct !== false && random(3) === 0
  return {
    ...{ kind: 'aggregate', type: kind.gives(argument.type), name: kind.name },
    ...{ distinct, argument, order: makeOrder(random, scope, kind), filter }
  }
}

function makeOrder(random: Random, scope: Scope, { order }: AggregateKind): AggregateOrder | null {
  if (order === undefined) return null
  const by = order === 'any' ? makeExpr(random, scope, pick(random, ordered), 1) : null
  return { by, descending: random(2) === 0 }
}

function fits(given: ScalarType, wanted: ScalarType | null): boolean {
  return wanted === null || given === wanted
}

function countAll(filter: Expr | null): AggregateExpr {
  return {
    ...{ kind: 'aggregate', type: 'BIGINT', name: 'COUNT' },
    ...{ distinct: false, argument: null, order: null, filter }
  }
}
