import { js } from '../code/index.ts'
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
import { compareFunction } from './comparison.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

const ordered: readonly SqlType[] = [
  SMALLINT,
  INT,
  BIGINT,
  DECIMAL,
  DOUBLE,
  TEXT,
  TIMESTAMP,
  BOOLEAN
]

function extreme(name: string, runtime: 'greaterOf' | 'lesserOf', which: string, example: string) {
  return defineFunction({
    name,
    kind: 'function',
    signatures: ordered.map(type =>
      signature(
        [type],
        type,
        (args, cx) =>
          args.reduce(
            (left, right) =>
              js`${cx.use(runtime)}(${cx.use(compareFunction(type))}, ${left}, ${right})`
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
