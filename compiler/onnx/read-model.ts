import { readFields, WireError, type Field } from './wire.ts'

/** An input or output of a model's graph. */
export interface Tensor {
  readonly name: string
  /** ONNX's name, `float`; `sequence` and the like where it is no tensor. */
  readonly elementType: string
  /** One number per dimension, null where it is open; null: the model does not say. */
  readonly shape: readonly (number | null)[] | null
}

export interface Graph {
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
}

// Field numbers of onnx.proto3: ModelProto, GraphProto, ValueInfoProto, TypeProto, TypeProto.Tensor, TensorShapeProto.
const MODEL = { irVersion: 1, graph: 7 }
const GRAPH = { initializer: 5, input: 11, output: 12 }
const INITIALIZER = { name: 8 }
const VALUE = { name: 1, type: 2 }
const TYPE = { tensor: 1, sequence: 4, map: 5, sparse: 8, optional: 9 }
const TENSOR = { elementType: 1, shape: 2 }
const SHAPE = { dimension: 1, value: 1 }

const elementTypes: readonly string[] = [
  ...['undefined', 'float', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool'],
  ...['float16', 'double', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16']
]

/**
 * The inputs and outputs of an ONNX model; a string says why the file is none. Weights are skipped, not read, and inputs
 * that have one as default are left out: they are not for callers.
 */
export function readModel(file: Uint8Array): Graph | string {
  if (file.length === 0) return 'it is empty'
  if (isLfsPointer(file)) return 'it is a pointer of Git LFS, and "git lfs pull" fetches the model'
  try {
    const model = fieldsOf(file)
    const graph = message(model, MODEL.graph)
    if (graph === null || find(model, MODEL.irVersion) === null) return 'it holds no graph'
    const fields = fieldsOf(graph)
    const weights = new Set(
      messages(fields, GRAPH.initializer).map(weight => text(fieldsOf(weight), INITIALIZER.name))
    )
    const inputs = messages(fields, GRAPH.input).map(readTensor)
    const outputs = messages(fields, GRAPH.output).map(readTensor)
    if (outputs.length === 0) return 'its graph has no outputs'
    return { inputs: inputs.filter(input => !weights.has(input.name)), outputs }
  } catch (error) {
    if (error instanceof WireError) return error.message
    throw error
  }
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function isLfsPointer(file: Uint8Array): boolean {
  return new TextDecoder().decode(file.subarray(0, 40)).startsWith('version https://git-lfs')
}

function readTensor(value: Uint8Array): Tensor {
  const fields = fieldsOf(value)
  const type = fieldsOf(message(fields, VALUE.type) ?? new Uint8Array())
  const tensor = message(type, TYPE.tensor)
  const name = text(fields, VALUE.name)
  if (tensor === null) return { name, elementType: otherType(type), shape: null }
  const parts = fieldsOf(tensor)
  const number = Number(find(parts, TENSOR.elementType)?.value ?? 0n)
  const shape = message(parts, TENSOR.shape)
  return {
    name,
    elementType: elementTypes[number] ?? `type ${number}`,
    shape: shape === null ? null : messages(fieldsOf(shape), SHAPE.dimension).map(readDimension)
  }
}

function readDimension(dimension: Uint8Array): number | null {
  const value = find(fieldsOf(dimension), SHAPE.value)
  // Exporters write 0 and -1 for an open dimension too.
  return value === null || value.bytes !== null || value.value <= 0n ? null : Number(value.value)
}

function otherType(type: readonly Field[]): string {
  if (find(type, TYPE.sequence) !== null) return 'sequence'
  if (find(type, TYPE.map) !== null) return 'map'
  if (find(type, TYPE.sparse) !== null) return 'sparse tensor'
  return find(type, TYPE.optional) === null ? 'undefined' : 'optional'
}

function fieldsOf(bytes: Uint8Array): readonly Field[] {
  return [...readFields(bytes)]
}

/** The last one counts, as protobuf says of fields that are not repeated. */
function find(fields: readonly Field[], number: number): Field | null {
  return fields.findLast(field => field.number === number) ?? null
}

function message(fields: readonly Field[], number: number): Uint8Array | null {
  return find(fields, number)?.bytes ?? null
}

function messages(fields: readonly Field[], number: number): readonly Uint8Array[] {
  return fields.flatMap(field =>
    field.number === number && field.bytes !== null ? [field.bytes] : []
  )
}

function text(fields: readonly Field[], number: number): string {
  return new TextDecoder().decode(message(fields, number) ?? new Uint8Array())
}
