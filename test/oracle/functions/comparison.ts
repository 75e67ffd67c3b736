import { compareValues } from '../compare.ts'
import type { Value } from '../value.ts'
import type { CallTypes, FunctionTwin, Twins } from './entry.ts'

type Present = Exclude<Value, null>

function comparison(holds: (order: number) => boolean): FunctionTwin {
  return {
    evaluate: ([a, b]: readonly [Present, Present], { types }: CallTypes) =>
      holds(compareValues(a, b, types[0]!))
  }
}

/** The argument that `wins` against all others; NULLs do not take part. */
function extreme(wins: (order: number) => boolean): FunctionTwin {
  return {
    takesNull: true,
    evaluate: (args: readonly Value[], { result }: CallTypes) =>
      args.reduce((best, arg) => {
        if (arg === null || best === null) return best ?? arg
        return wins(compareValues(arg, best, result)) ? arg : best
      }, null)
  }
}

export const comparisonTwins: Twins = {
  equal: comparison(order => order === 0),
  notEqual: comparison(order => order !== 0),
  less: comparison(order => order < 0),
  lessEqual: comparison(order => order <= 0),
  greater: comparison(order => order > 0),
  greaterEqual: comparison(order => order >= 0),
  greatest: extreme(order => order > 0),
  least: extreme(order => order < 0)
}
