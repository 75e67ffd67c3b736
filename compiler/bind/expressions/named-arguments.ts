import type { CallArgument, CallExpression, Expression } from '../../ast/index.ts'
import { namedArguments } from '../../diagnostics/bind-expressions.ts'
import { report } from '../context.ts'
import type { ExprContext } from './expr-context.ts'

const times = ['hour', 'min', 'sec']
/** What PostgreSQL calls the parameters of functions that have more than one can keep in mind. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  make_date: ['year', 'month', 'day'],
  make_time: times,
  make_timestamp: ['year', 'month', 'mday', ...times],
  make_timestamptz: ['year', 'month', 'mday', ...times, 'timezone'],
  make_interval: ['years', 'months', 'weeks', 'days', 'hours', 'mins', 'secs']
}

/** The arguments in the order of the parameters, `f(a, name => b)`; null after a diagnostic. */
export function inOrder(name: string, call: CallExpression, cx: ExprContext): Expression[] | null {
  const { args, span } = call
  if (args.every(arg => arg.name === null)) return args.map(({ value }) => value)
  const known = Object.hasOwn(parameters, name) ? parameters[name]! : []
  const places = args.map((arg, i) => placeOf(arg, i, args, known))
  const isRight = places.every((place, i) => place >= 0 && places.indexOf(place) === i)
  const values = Array.from({ length: Math.max(...places) + 1 }, (_, place) => {
    const given = args[places.indexOf(place)]?.value
    // Only what an interval has not is nothing.
    const none =
      name === 'make_interval' ? ({ kind: 'NumberLiteral', text: '0', span } as const) : null
    return given ?? none
  })
  if (isRight && values.every(value => value !== null)) return values
  report(cx.bind, namedArguments(name, known, call.name.span))
  return null
}

/** -1: there is no such parameter, or one without a name stands behind one that has it. */
function placeOf(
  { name }: CallArgument,
  index: number,
  args: readonly CallArgument[],
  known: readonly string[]
): number {
  if (name !== null) return known.indexOf(name.quoted ? name.name : name.name.toLowerCase())
  const isFirst = args.slice(0, index).every(arg => arg.name === null)
  return isFirst && index < known.length ? index : -1
}
