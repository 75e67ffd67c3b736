/** What a model answers for one row of arguments; throws where it refuses the row. */
export type Model = (args: readonly number[]) => readonly number[]

/** sigmoid(x . weights + bias) in single precision, as the model's tensors have it. */
export function logisticModel(weights: readonly number[], bias: number): Model {
  return args => {
    let sum = 0
    weights.forEach((weight, i) => {
      sum = Math.fround(sum + Math.fround(Math.fround(args[i]!) * Math.fround(weight)))
    })
    const biased = Math.fround(sum + Math.fround(bias))
    return [Math.fround(1 / (1 + Math.exp(-biased)))]
  }
}

/** table[x]; an index outside of the table is refused. */
export function lookupModel(table: readonly number[]): Model {
  return ([x = NaN]) => {
    const answer = table.at(Math.trunc(x))
    if (answer === undefined) throw new Error(`no element ${x}`)
    return [Math.fround(answer)]
  }
}

/** Gives its arguments back. */
export function identityModel(): Model {
  return args => args.map(Math.fround)
}
