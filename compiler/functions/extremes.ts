import { js } from '../code/index.ts'
import { emitComparer } from './comparer.ts'
import { orderedTypes } from './comparison.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

function extreme(name: string, runtime: 'greaterOf' | 'lesserOf', which: string, example: string) {
  return defineFunction({
    name,
    kind: 'function',
    signatures: orderedTypes.map(type =>
      signature(
        [type],
        type,
        (args, cx) =>
          args.reduce(
            (left, right) => js`${cx.use(runtime)}(${emitComparer(type, cx)}, ${left}, ${right})`
          ),
        { rest: type }
      )
    ),
    nullRule: 'all',
    cost: 2,
    doc: `The ${which} of the arguments; NULLs are left out.`,
    example
  })
}

export const extremes: readonly FunctionEntry[] = [
  extreme('greatest', 'greaterOf', 'greatest', 'greatest(1, NULL, 3) = 3'),
  extreme('least', 'lesserOf', 'least', 'least(1, NULL, 3) = 1')
]
