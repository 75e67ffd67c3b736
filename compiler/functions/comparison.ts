import { js, type Code } from '../code/index.ts'
import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  INT,
  SMALLINT,
  TEXT,
  TIMESTAMP,
  type SqlType
} from '../types/index.ts'
import { defineFunction, signature, type CallContext, type FunctionEntry } from './entry.ts'
import type { Expr } from '../ir/index.ts'

export type Comparison = 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual'

const comparable: readonly SqlType[] = [
  SMALLINT,
  INT,
  BIGINT,
  DECIMAL,
  DOUBLE,
  TEXT,
  BOOLEAN,
  TIMESTAMP
]

/** What comparing asks of its context: less than a call, so that IN and IS NOT DISTINCT FROM can compare too. */
export type CompareContext = Pick<CallContext, 'use'>

/** Compares two non-NULL values of one type. */
export function emitComparison(
  comparison: Comparison,
  type: SqlType,
  left: Code,
  right: Code,
  cx: CompareContext
): Code {
  switch (type.kind) {
    case 'Double':
      return emitDoubleComparison(comparison, left, right, cx)
    case 'Decimal':
      return emitOrder(comparison, js`${cx.use('compareDecimal')}(${left}, ${right})`, js`0`)
    case 'Text':
      return comparison === 'equal' || comparison === 'notEqual'
        ? emitOrder(comparison, left, right)
        : emitOrder(comparison, js`${cx.use('compareText')}(${left}, ${right})`, js`0`)
    default:
      // A BIGINT has one form per value, number or bigint, so === holds between equal ones and < orders across both.
      return emitOrder(comparison, left, right)
  }
}

/** The name of the runtime function that orders two values of a type: negative, 0 or positive. */
export function compareFunction(
  type: SqlType
): 'compareDouble' | 'compareDecimal' | 'compareText' | 'compareBoolean' | 'compareNumber' {
  switch (type.kind) {
    case 'Double':
      return 'compareDouble'
    case 'Decimal':
      return 'compareDecimal'
    case 'Text':
      return 'compareText'
    case 'Boolean':
      return 'compareBoolean'
    default:
      return 'compareNumber'
  }
}

/** NaN is neither a literal nor a JSON number, but a model or a cast may give one: PostgreSQL puts it above all numbers. */
function emitDoubleComparison(
  comparison: Comparison,
  left: Code,
  right: Code,
  cx: CompareContext
): Code {
  return emitOrder(comparison, js`${cx.use('compareDouble')}(${left}, ${right})`, js`0`)
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

function isLiteral(expr: Expr | undefined): boolean {
  return expr?.kind === 'Literal'
}

function comparison(name: Comparison, symbol: string, doc: string, example: string): FunctionEntry {
  return defineFunction({
    name,
    kind: 'operator',
    symbol,
    signatures: comparable.map(type =>
      signature([type, type], BOOLEAN, ([left, right], cx) => {
        const [first, second] = cx.call.args
        if (type.kind === 'Double' && (isLiteral(first) || isLiteral(second))) {
          return emitDoubleAndLiteral(name, left!, right!, isLiteral(second))
        }
        return emitComparison(name, type, left!, right!, cx)
      })
    ),
    doc,
    example
  })
}

export const comparisons: readonly FunctionEntry[] = [
  comparison('equal', '=', 'Whether both are equal.', "'a' = 'a'"),
  comparison('notEqual', '<>', 'Whether both differ.', '1 <> 2'),
  comparison('less', '<', 'Whether the left one comes first; TEXT by code point.', "'a' < 'b'"),
  comparison('lessEqual', '<=', 'Whether the left one comes first or both are equal.', '1 <= 1'),
  comparison('greater', '>', 'Whether the left one comes last; NaN comes after all.', '2 > 1'),
  comparison('greaterEqual', '>=', 'Whether the left one comes last or both are equal.', '2 >= 2')
]
