import type { ModelDefinition } from '../contract/index.ts'
import type { OnnxNative } from '../native/index.ts'

type Feeds = Record<string, InstanceType<OnnxNative['Tensor']>>

/** Tensors for rows [from, to): one [rows, n] of all columns, or one [rows, 1] per column, as the graph wants them. */
export function makeFeeds(
  { inputs }: ModelDefinition,
  columns: readonly Float64Array[],
  from: number,
  to: number,
  { Tensor }: OnnxNative
): Feeds {
  const rows = to - from
  const feeds: Feeds = {}
  let next = 0
  for (const { name, elementType, width, rank } of inputs) {
    const data = makeElements(elementType, rows * width)
    for (let k = 0; k < width; k++) {
      const column = columns[next++]!
      for (let row = 0; row < rows; row++) setElement(data, row * width + k, column[from + row]!)
    }
    const shape = rank === 1 ? [rows] : [rows, width]
    feeds[name] = new Tensor(tensorType(elementType) as 'float32', data as Float32Array, shape)
  }
  return feeds
}

type Elements = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array

function makeElements(elementType: string, length: number): Elements {
  switch (elementType) {
    case 'float':
      return new Float32Array(length)
    case 'double':
      return new Float64Array(length)
    case 'int32':
      return new Int32Array(length)
    case 'int64':
      return new BigInt64Array(length)
    case 'bool':
      return new Uint8Array(length)
    default:
      throw new Error(`the compiler lets no model with ${elementType} inputs through`)
  }
}

/** ONNX Runtime's name of an ONNX element type. */
function tensorType(elementType: string): string {
  return { float: 'float32', double: 'float64' }[elementType] ?? elementType
}

/** Throws where the tensor has no such integer: the model fails for the row. */
function setElement(data: Elements, index: number, value: number): void {
  if (data instanceof BigInt64Array) {
    // Beyond, a double is not the BIGINT that it was made of.
    if (!Number.isSafeInteger(value)) throw new Error(`${value} is not exact as int64`)
    data[index] = BigInt(value)
  } else {
    data[index] = value
    if (data instanceof Int32Array && data[index] !== value) {
      throw new Error(`${value} does not fit int32`)
    }
  }
}
