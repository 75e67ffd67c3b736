import type { CallExpression, Expression } from '../../ast/index.ts'
import {
  argumentTypes,
  constantNeeded,
  functionNotFound,
  invalidJsonPath
} from '../../diagnostics/bind-expressions.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import {
  callableNames,
  findFunction,
  findWindowFunction,
  otherNames,
  parseJsonPath,
  plannedFunctions,
  plannedHints
} from '../../functions/index.ts'
import { type Expr, makeCase, makeCast, makeLiteral } from '../../ir/index.ts'
import { DATE, showType, type TypeKind } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { report } from '../context.ts'
import {
  bindAggregate,
  bindGroupingCall,
  isAggregateCall,
  isGroupingCall,
  refuseAggregate
} from '../queries/bind-aggregate.ts'
import { bindOver } from '../queries/bind-over.ts'
import { applyFunction } from './apply-function.ts'
import { bindCoalesce } from './bind-case.ts'
import { bindComparison } from './bind-comparison.ts'
import { bindAll } from './bind-expr.ts'
import type { ExprContext } from './expr-context.ts'
import { bindPredict } from './bind-predict.ts'
import { bindPgTypeof, bindTypeof } from './bind-typeof.ts'
import { inOrder } from './named-arguments.ts'

export function bindCall(call: CallExpression, cx: ExprContext): Expr | null {
  const name = showName(call.name).toLowerCase()
  if (call.over !== null) return bindOver(call, cx)
  if (cx.aggregates !== undefined && isAggregateCall(call)) {
    return typeof cx.aggregates === 'string'
      ? refuseAggregate(call, cx)
      : bindAggregate(call, cx.aggregates, cx)
  }
  if (cx.aggregates !== undefined && isGroupingCall(name)) {
    return typeof cx.aggregates === 'string'
      ? refuseAggregate(call, cx)
      : bindGroupingCall(call, cx.aggregates, cx)
  }
  return bindScalarCall(name, call, cx)
}

/** A call of one row's values. */
function bindScalarCall(name: string, call: CallExpression, cx: ExprContext): Expr | null {
  const { span } = call
  if (name === 'unnest') {
    const hint = 'Write FROM ..., UNNEST(array) AS t (x), and x here.'
    report(cx.bind, notSupportedYet('UNNEST inside of an expression', call.name.span, hint))
    return null
  }
  const unsupported = unsupportedPart(name, call)
  if (unsupported !== null) {
    const hint =
      findWindowFunction(name) === null
        ? plannedHints[name]
        : `Write ${name}(...) OVER (PARTITION BY ... ORDER BY ...).`
    report(cx.bind, notSupportedYet(unsupported, call.name.span, hint))
    return null
  }
  if (name === 'predict') return bindPredict(call, cx)
  const values = inOrder(name, call, cx)
  if (values === null) return null
  const args = bindAll(
    values.map((value, i) => (takesForm(name, i) ? formAsText(value) : value)),
    cx
  )
  if (args === null) return null
  const form = Object.hasOwn(forms, name) ? forms[name]! : null
  if (form !== null) return form(args, call, cx)
  const entry = findFunction(name)
  if (entry === null) {
    const instead = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined
    report(cx.bind, functionNotFound(name, call.name.span, callableNames(), instead))
    return null
  }
  if (takesPath(entry.name) && !checkPath(args[1], cx)) return null
  return applyFunction(entry.name, args, span, cx.bind)
}

/** normalize(text, NFD): the form is a word of its own. */
function takesForm(name: string, index: number): boolean {
  return name === 'normalize' && index === 1
}

function formAsText(value: Expression): Expression {
  if (value.kind !== 'Name') return value
  return { kind: 'StringLiteral', value: showName(value.name), span: value.span }
}

type Form = (args: readonly Expr[], call: CallExpression, cx: ExprContext) => Expr | null

/** Calls whose arguments are not all evaluated: no functions, but expressions of their own. */
const forms: Readonly<Record<string, Form>> = {
  coalesce(args, call, cx) {
    if (args.length > 0) return bindCoalesce(args, call.span, cx)
    return refuseArguments('coalesce', args, 'a, ...', call, cx)
  },
  nullif(args, call, cx) {
    if (args.length === 2) return bindNullif(args[0]!, args[1]!, call, cx)
    return refuseArguments('nullif', args, 'a, b', call, cx)
  },
  typeof(args, call, cx) {
    if (args.length === 1) return bindTypeof(args[0]!, call.span)
    return refuseArguments('typeof', args, 'a', call, cx)
  },
  pg_typeof(args, call, cx) {
    if (args.length === 1) return bindPgTypeof(args[0]!, call.span)
    return refuseArguments('pg_typeof', args, 'a', call, cx)
  },
  overlaps(args, call, cx) {
    const ends = args.map((end, i) => {
      const isLength = i % 2 === 1 && end.type.kind === 'Interval'
      return isLength ? applyFunction('add', [args[i - 1]!, end], end.span, cx.bind) : end
    })
    if (!ends.every(end => end !== null)) return null
    return applyFunction('overlaps_in_time', ends, call.span, cx.bind)
  },
  date(args, call, cx) {
    const [arg] = args
    if (args.length === 1 && datedTypes.has(arg!.type.kind)) {
      return makeCast(arg!, DATE, false, call.span)
    }
    return refuseArguments('date', args, 'TEXT or DATE or TIMESTAMP or TIMESTAMPTZ', call, cx)
  }
}

/** What `date(x)` takes: another way to write the cast, for fewer types. */
const datedTypes: ReadonlySet<TypeKind> = new Set([
  'Null',
  'Text',
  'Date',
  'Timestamp',
  'TimestampTz'
])

function refuseArguments(
  name: string,
  args: readonly Expr[],
  wanted: string,
  { span }: CallExpression,
  cx: ExprContext
): null {
  const found = args.map(arg => showType(arg.type))
  report(cx.bind, argumentTypes(name, found, [wanted], span))
  return null
}

function unsupportedPart(name: string, call: CallExpression): string | null {
  if (findWindowFunction(name) !== null) return `${name} without OVER`
  if (plannedFunctions.has(name)) return `the function ${name}`
  if (call.filter !== null) return 'FILTER'
  if (call.withinGroup !== null) return 'WITHIN GROUP'
  if (call.distinct) return 'DISTINCT in a call'
  return call.orderBy.length > 0 ? 'ORDER BY in a call' : null
}

/** NULL where both are equal, else the first. */
function bindNullif(
  left: Expr,
  right: Expr,
  { span }: CallExpression,
  cx: ExprContext
): Expr | null {
  const equal = bindComparison('equal', left, right, span, cx.bind)
  if (equal === null) return null
  return makeCase(
    [{ when: equal, then: makeLiteral(null, left.type, span) }],
    left,
    left.type,
    span
  )
}

function takesPath(name: string): boolean {
  return name === 'json_extract' || name === 'json_value' || name === 'json_exists'
}

/** Paths are compiled with the script. */
function checkPath(path: Expr | undefined, { bind }: ExprContext): boolean {
  if (path === undefined) return true
  if (path.kind !== 'Literal' || typeof path.value !== 'string') {
    report(bind, constantNeeded('the JSON path', 'string literal', path.span))
    return false
  }
  if (parseJsonPath(path.value) !== null) return true
  report(bind, invalidJsonPath(path.value, path.span))
  return false
}
