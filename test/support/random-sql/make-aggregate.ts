import { pick, type Random } from '../functions/random-value.ts'
import { makeExpr, pickType, type Scope } from './make-expr.ts'
import type { AggregateExpr } from './query.ts'
import type { ScalarType } from './scalar-type.ts'

interface AggregateKind {
  readonly name: AggregateExpr['name']
  readonly takes: readonly ScalarType[]
  readonly gives: (argument: ScalarType) => ScalarType
}

const numbers: readonly ScalarType[] = ['INT', 'BIGINT', 'DECIMAL', 'DOUBLE']
const ordered: readonly ScalarType[] = [...numbers, 'TEXT', 'TIMESTAMP']
const sums: Partial<Record<ScalarType, ScalarType>> = { INT: 'BIGINT', BIGINT: 'DECIMAL' }

const kinds: readonly AggregateKind[] = [
  { name: 'COUNT', takes: [...ordered, 'BOOLEAN'], gives: () => 'BIGINT' },
  { name: 'SUM', takes: numbers, gives: type => sums[type] ?? type },
  { name: 'MIN', takes: ordered, gives: type => type },
  { name: 'MAX', takes: ordered, gives: type => type },
  { name: 'AVG', takes: numbers, gives: () => 'DOUBLE' },
  { name: 'BOOL_AND', takes: ['BOOLEAN'], gives: () => 'BOOLEAN' },
  { name: 'BOOL_OR', takes: ['BOOLEAN'], gives: () => 'BOOLEAN' }
]

/** Any aggregate, or one of a type, over columns in scope. */
export function makeAggregate(
  random: Random,
  scope: Scope,
  type: ScalarType | null = null
): AggregateExpr {
  const filter = random(4) === 0 ? makeExpr(random, scope, 'BOOLEAN', 2) : null
  if ((type ?? 'BIGINT') === 'BIGINT' && random(4) === 0) {
    return {
      ...{ kind: 'aggregate', type: 'BIGINT', name: 'COUNT' },
      ...{ distinct: false, argument: null, filter }
    }
  }
  const wanted = type ?? pickType(random)
  const choices = kinds.flatMap(kind =>
    kind.takes.filter(taken => kind.gives(taken) === wanted).map(taken => ({ kind, taken }))
  )
  const { kind, taken } = pick(random, choices)
  const argument = makeExpr(random, scope, taken, 1)
  const distinct = random(3) === 0
  return { kind: 'aggregate', type: wanted, name: kind.name, distinct, argument, filter }
}
