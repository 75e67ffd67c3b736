import { bytesField, type Field, intField, messageField, stringField } from './protobuf.ts'

/** Element types of ONNX tensors: https://onnx.ai/onnx/api/classes.html (TensorProto.DataType). */
export const ElementType = { float: 1, int64: 7, string: 8, double: 11 } as const

interface Tensor {
  readonly name: string
  readonly elementType: number
  /** A string is a dimension that the caller chooses: the number of rows. */
  readonly shape: readonly (number | string)[]
}

interface Initializer {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

interface Operator {
  readonly type: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes?: readonly Field[]
}

export interface OnnxGraph {
  readonly operators: readonly Operator[]
  readonly initializers: readonly Initializer[]
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
}

/** An ONNX file, written by hand: no Python is needed to make a test's model. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const irVersion = 8
  const opset = 17
  return Uint8Array.from([
    ...intField(1, irVersion),
    ...messageField(
      7,
      ...graph.operators.map(encodeOperator),
      stringField(2, 'g'),
      ...graph.initializers.map(encodeInitializer),
      ...graph.inputs.map(tensor => encodeTensor(11, tensor)),
      ...graph.outputs.map(tensor => encodeTensor(12, tensor))
    ),
    ...messageField(8, intField(2, opset))
  ])
}

/** sigmoid(x . weights + bias), one float tensor [rows, n] in and [rows, 1] out. */
export function encodeLogisticModel(weights: readonly number[], bias: number): Uint8Array {
  return encodeModel({
    operators: [
      { type: 'MatMul', inputs: ['x', 'w'], output: 'p' },
      { type: 'Add', inputs: ['p', 'b'], output: 's' },
      { type: 'Sigmoid', inputs: ['s'], output: 'y' }
    ],
    initializers: [
      { name: 'w', shape: [weights.length, 1], values: weights },
      { name: 'b', shape: [1], values: [bias] }
    ],
    inputs: [{ name: 'x', elementType: ElementType.float, shape: ['n', weights.length] }],
    outputs: [{ name: 'y', elementType: ElementType.float, shape: ['n', 1] }]
  })
}

/** table[x]: a model that refuses a row, because an index outside of the table fails when it runs. */
export function encodeLookupModel(table: readonly number[]): Uint8Array {
  const toInt64: Field = messageField(
    5,
    stringField(1, 'to'),
    intField(3, ElementType.int64),
    intField(20, 2)
  )
  return encodeModel({
    operators: [
      { type: 'Cast', inputs: ['x'], output: 'i', attributes: [toInt64] },
      { type: 'Gather', inputs: ['t', 'i'], output: 'y' }
    ],
    initializers: [{ name: 't', shape: [table.length], values: table }],
    inputs: [{ name: 'x', elementType: ElementType.float, shape: ['n', 1] }],
    outputs: [{ name: 'y', elementType: ElementType.float, shape: ['n', 1] }]
  })
}

/** Gives its input back: one tensor of the element type and width, for the checks of CREATE MODEL. */
export function encodeIdentityModel(elementType: number, width: number): Uint8Array {
  const shape = ['n', width]
  return encodeModel({
    operators: [{ type: 'Identity', inputs: ['x'], output: 'y' }],
    initializers: [],
    inputs: [{ name: 'x', elementType, shape }],
    outputs: [{ name: 'y', elementType, shape }]
  })
}

function encodeOperator(operator: Operator): Field {
  return messageField(
    1,
    ...operator.inputs.map(name => stringField(1, name)),
    stringField(2, operator.output),
    stringField(4, operator.type),
    ...(operator.attributes ?? [])
  )
}

function encodeInitializer(initializer: Initializer): Field {
  const raw = new Uint8Array(Float32Array.from(initializer.values).buffer)
  return messageField(
    5,
    ...initializer.shape.map(size => intField(1, size)),
    intField(2, ElementType.float),
    stringField(8, initializer.name),
    bytesField(9, raw)
  )
}

function encodeTensor(field: number, tensor: Tensor): Field {
  const dimensions = tensor.shape.map(size =>
    messageField(1, typeof size === 'number' ? intField(1, size) : stringField(2, size))
  )
  const shape = messageField(2, ...dimensions)
  const type = messageField(1, intField(1, tensor.elementType), shape)
  return messageField(field, stringField(1, tensor.name), messageField(2, type))
}
