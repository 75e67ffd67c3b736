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

/** Gives its arguments back, as elements of an ONNX type; refuses those that it has not. */
export function identityModel(elementType: number): Model {
  const convert = conversions[elementType]
  if (convert === undefined) throw new Error(`no elements of type ${elementType}`)
  return args => args.map(convert)
}

/** By TensorProto.DataType. */
const conversions: Readonly<Record<number, (value: number) => number>> = {
  1: Math.fround,
  6: value => {
    if (BigInt.asIntN(32, BigInt(value)) !== BigInt(value)) throw new Error(`${value} is no int32`)
    return value
  },
  7: value => {
    if (!Number.isSafeInteger(value)) throw new Error(`${value} is not exact`)
    return value
  },
  9: value => value,
  11: value => value
}
