import { js, type Code } from '../code/index.ts'
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  DECIMAL,
  DOUBLE,
  INT,
  INTERVAL,
  isComparable,
  isOrdered,
  isPrimitive,
  REAL,
  SMALLINT,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  type SqlType
} from '../types/index.ts'
import { emitComparer } from './comparer.ts'
import {
  defineFunction,
  signature,
  type ArgumentType,
  type CallContext,
  type FunctionEntry,
  type Signature
} from './entry.ts'
import type { Expr } from '../ir/index.ts'

export type Comparison = 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual'

/** Types that have an order and are no containers. */
export const orderedTypes: readonly SqlType[] = [
  ...[SMALLINT, INT, BIGINT, DECIMAL, REAL, DOUBLE, TEXT, BOOLEAN, DATE, TIME, TIMESTAMP],
  ...[TIMESTAMPTZ, INTERVAL, BYTES]
]

/** What comparing asks of its context: less than a call, so that IN and IS NOT DISTINCT FROM can compare too. */
export type CompareContext = Pick<CallContext, 'use' | 'constant'>

/** Compares two non-NULL values of one type. */
export function emitComparison(
  comparison: Comparison,
  type: SqlType,
  left: Code,
  right: Code,
  cx: CompareContext
): Code {
  switch (type.kind) {
    // NaN is neither a literal nor a JSON number, but a cast may give one: PostgreSQL puts it above all numbers.
    case 'Real':
    case 'Double':
      return emitOrder(comparison, js`${cx.use('compareDouble')}(${left}, ${right})`, js`0`)
    case 'Text':
      return comparison === 'equal' || comparison === 'notEqual'
        ? emitOrder(comparison, left, right)
        : emitOrder(comparison, js`${cx.use('compareText')}(${left}, ${right})`, js`0`)
    default:
      // A BIGINT has one form per value, number or bigint, so === holds between equal ones and < orders across both.
      if (isPrimitive(type)) return emitOrder(comparison, left, right)
      return emitOrder(comparison, js`${emitComparer(type, cx)}(${left}, ${right})`, js`0`)
  }
}

/** With a literal on one side a single comparison of JavaScript gives NaN its place: `!(x <= c)` holds for NaN. */
function emitDoubleAndLiteral(
  comparison: Comparison,
  left: Code,
  right: Code,
  literalIsRight: boolean
): Code {
  const nanIsLeft = literalIsRight
  switch (comparison) {
    case 'greater':
      return nanIsLeft ? js`!(${left} <= ${right})` : js`${left} > ${right}`
    case 'greaterEqual':
      return nanIsLeft ? js`!(${left} < ${right})` : js`${left} >= ${right}`
    case 'less':
      return nanIsLeft ? js`${left} < ${right}` : js`!(${left} >= ${right})`
    case 'lessEqual':
      return nanIsLeft ? js`${left} <= ${right}` : js`!(${left} > ${right})`
    default:
      return emitOrder(comparison, left, right)
  }
}

function emitOrder(comparison: Comparison, left: Code, right: Code): Code {
  switch (comparison) {
    case 'equal':
      return js`${left} === ${right}`
    case 'notEqual':
      return js`${left} !== ${right}`
    case 'less':
      return js`${left} < ${right}`
    case 'lessEqual':
      return js`${left} <= ${right}`
    case 'greater':
      return js`${left} > ${right}`
    case 'greaterEqual':
      return js`${left} >= ${right}`
  }
}

function isFloat({ kind }: SqlType): boolean {
  return kind === 'Double' || kind === 'Real'
}

function isLiteral(expr: Expr | undefined): boolean {
  return expr?.kind === 'Literal'
}

function comparison(name: Comparison, symbol: string, doc: string, example: string): FunctionEntry {
  return defineFunction({
    name,
    kind: 'operator',
    symbol,
    signatures: orderedTypes.map(type =>
      signature([type, type], BOOLEAN, ([left, right], cx) => {
        const [first, second] = cx.call.args
        if (isFloat(type) && (isLiteral(first) || isLiteral(second))) {
          return emitDoubleAndLiteral(name, left!, right!, isLiteral(second))
        }
        return emitComparison(name, type, left!, right!, cx)
      })
    ),
    generic: {
      shown: [{ params: 'T[], T[]', result: 'BOOLEAN' }],
      resolve: args => resolveComparison(name, args)
    },
    doc,
    example
  })
}

/** Of arrays, rows, vectors and, for = and <>, maps of one type. */
function resolveComparison(name: Comparison, args: readonly ArgumentType[]): Signature | null {
  const type = args[0]?.type
  if (type === undefined) return null
  const isEquality = name === 'equal' || name === 'notEqual'
  if (!(isEquality ? isComparable(type) : isOrdered(type))) return null
  return signature([type, type], BOOLEAN, ([left, right], cx) =>
    emitComparison(name, type, left!, right!, cx)
  )
}

export const comparisons: readonly FunctionEntry[] = [
  comparison('equal', '=', 'Whether both are equal.', "'a' = 'a'"),
  comparison('notEqual', '<>', 'Whether both differ.', '1 <> 2'),
  comparison('less', '<', 'Whether the left one comes first; TEXT by code point.', "'a' < 'b'"),
  comparison('lessEqual', '<=', 'Whether the left one comes first or both are equal.', '1 <= 1'),
  comparison('greater', '>', 'Whether the left one comes last; NaN comes after all.', '2 > 1'),
  comparison('greaterEqual', '>=', 'Whether the left one comes last or both are equal.', '2 >= 2')
]
