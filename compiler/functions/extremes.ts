import { js } from '../code/index.ts'
import { commonType, isOrdered, NULL_TYPE, settledType, type SqlType } from '../types/index.ts'
import { emitComparer } from './comparer.ts'
import { orderedTypes } from './comparison.ts'
import {
  type ArgumentType,
  defineFunction,
  signature,
  type FunctionEntry,
  type Signature
} from './entry.ts'

function extreme(name: string, runtime: 'greaterOf' | 'lesserOf', which: string, example: string) {
  const ofType = (type: SqlType): Signature =>
    signature(
      [type],
      type,
      (args, cx) =>
        args.reduce(
          (left, right) => js`${cx.use(runtime)}(${emitComparer(type, cx)}, ${left}, ${right})`
        ),
      { rest: type }
    )
  return defineFunction({
    name,
    kind: 'function',
    signatures: orderedTypes.map(ofType),
    generic: {
      shown: [{ params: 'T[]...', result: 'T[]' }],
      resolve: args => {
        const type = commonOf(args)
        return type !== null && isOrdered(type) ? ofType(type) : null
      }
    },
    nullRule: 'all',
    cost: 2,
    doc: `The ${which} of the arguments; NULLs are left out.`,
    example
  })
}

/** The type that all arguments become; literals without a type do not say. */
function commonOf(args: readonly ArgumentType[]): SqlType | null {
  const types = args.filter(arg => !arg.isStringLiteral).map(({ type }) => type)
  const common = types.reduce<SqlType | null>(
    (type, other) => (type === null ? null : commonType(type, other)),
    NULL_TYPE
  )
  return common === null ? null : settledType(common)
}

export const extremes: readonly FunctionEntry[] = [
  extreme('greatest', 'greaterOf', 'greatest', 'greatest(1, NULL, 3) = 3'),
  extreme('least', 'lesserOf', 'least', 'least(1, NULL, 3) = 1')
]
