import { js } from '../code/index.ts'
import { type Expr, intervalParts } from '../ir/index.ts'
import { arrayOf, INTERVAL, type SqlType, TIMESTAMP, TIMESTAMPTZ } from '../types/index.ts'
import {
  type ArgumentFault,
  defineFunction,
  type FunctionEntry,
  type RuntimeName,
  type Signature,
  signature
} from './entry.ts'

/** NULL lengths give NULL. */
const fails = { canFail: true, givesNull: true }

/** The windows of HOP and CUMULATE as arrays: FROM HOP(...) is a join with one of them. */
export const windowFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'hop_ends',
    kind: 'function',
    signatures: [TIMESTAMP, TIMESTAMPTZ].flatMap(type => overloads(type, 'hopEnds')),
    nullRule: 'none',
    cost: 10,
    check: args => checkLengths(args, false),
    doc: 'Where the windows end that a time is in: windows as long as the second argument, that begin as often as the first says, aligned to 1970, or as much later as the fourth. One NULL for no time.',
    example:
      "hop_ends('1 minute', '2 minutes', TIMESTAMP '2026-01-31 10:20:30') = ARRAY[TIMESTAMP '2026-01-31 10:21:00', TIMESTAMP '2026-01-31 10:22:00']"
  }),
  defineFunction({
    name: 'cumulate_ends',
    kind: 'function',
    signatures: [TIMESTAMP, TIMESTAMPTZ].flatMap(type => overloads(type, 'cumulateEnds')),
    nullRule: 'none',
    cost: 10,
    check: args => checkLengths(args, true),
    doc: 'Where the windows end that a time is in: windows that begin together and grow by the first argument up to the second, aligned to 1970, or as much later as the fourth. One NULL for no time.',
    example:
      "cumulate_ends('1 minute', '2 minutes', TIMESTAMP '2026-01-31 10:20:30') = ARRAY[TIMESTAMP '2026-01-31 10:21:00', TIMESTAMP '2026-01-31 10:22:00']"
  })
]

function overloads(type: SqlType, name: RuntimeName): Signature[] {
  const result = arrayOf(type)
  return [
    signature(
      [INTERVAL, INTERVAL, type],
      result,
      (args, cx) => js`${cx.use(name)}(${args}, null, ${cx.site()})`,
      fails
    ),
    signature(
      [INTERVAL, INTERVAL, type, INTERVAL],
      result,
      (args, cx) => js`${cx.use(name)}(${args}, ${cx.site()})`,
      fails
    )
  ]
}

/** Constant lengths that no window has. */
function checkLengths(args: readonly Expr[], isCumulate: boolean): ArgumentFault | null {
  const [step, size] = args.slice(0, 2).map(constantLength)
  const at = [step, size].findIndex(length => length === null)
  if (at >= 0) {
    return {
      argument: at,
      message: 'a window is longer than nothing, and is counted in days and time',
      hint: "Write '1 minute', '1 day'."
    }
  }
  if (!isCumulate || step === undefined || size === undefined || size! % step! === 0) return null
  return {
    argument: 1,
    message: 'the largest window is a whole number of steps',
    hint: "For example a step of '10 minutes' and a size of '1 hour'."
  }
}

/** In ms; null: no length; undefined: it is no constant. */
function constantLength(expr: Expr | undefined): number | null | undefined {
  if (expr?.kind !== 'Literal' || expr.value === null) return undefined
  const parts = intervalParts(expr.value)
  return parts?.months === 0 && parts.ms > 0 ? parts.ms : null
}
