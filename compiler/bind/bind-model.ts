import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CreateModel } from '../ast/index.ts'
import {
  modelFileInvalid,
  modelFileMissing,
  modelInputType,
  modelOutputIndex,
  modelOutputNotFound,
  modelOutputType,
  modelTensorShape
} from '../diagnostics/bind-models.ts'
import type { BoundModel } from '../ir/index.ts'
import { modelParameters, parameterNames } from '../kafka/index.ts'
import { type Graph, readModel, type Tensor } from '../onnx/index.ts'
import { explainReadError, type Span } from '../source/index.ts'
import { type BindContext, report } from './context.ts'
import { type Parameters, readParameters } from './kafka/parameters.ts'

const known = parameterNames(modelParameters)
/** Element types that a number or a truth value becomes. */
const numeric = ['float', 'double', 'int64', 'int32', 'bool']

/** A model with what its graph takes and gives; null after a diagnostic. */
export function bindModel(statement: CreateModel, cx: BindContext): BoundModel | null {
  const { name, path, parameters: properties, span } = statement
  const parameters = readParameters('WITH', properties, known, span, cx)
  const absolute = resolve(cx.session.options.directory, path.value)
  cx.session.files?.add(absolute)
  const bytes = readFile(absolute, path.span, cx)
  if (bytes === null) return null
  const graph = readModel(bytes)
  if (typeof graph === 'string') {
    report(cx, modelFileInvalid(graph, path.span))
    return null
  }
  const inputs = graph.inputs.map(input => bindInput(input, path.span, cx))
  const output = bindOutput(graph, parameters, path.span, cx)
  if (output === null || !inputs.every(input => input !== null)) return null
  return Object.freeze({
    name: name.name,
    path: absolute,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    inputs,
    output,
    batchSize: parameters.integer('batch_size', 1, 1_000_000, 1024),
    maxWait: parameters.integer('max_wait_ms', 0, 60_000, 5),
    timeout: parameters.integer('timeout_ms', 0, 3_600_000, 10_000),
    span: name.span
  })
}

function readFile(absolute: string, span: Span, cx: BindContext): Uint8Array | null {
  try {
    return readFileSync(absolute)
  } catch (error) {
    report(cx, modelFileMissing(explainReadError(error), span))
    return null
  }
}

type Input = BoundModel['inputs'][number]

/** [rows], [rows, 1] or [rows, n], the number of rows open or one. */
function bindInput(
  { name, elementType, shape }: Tensor,
  span: Span,
  cx: BindContext
): Input | null {
  if (!numeric.includes(elementType)) {
    report(cx, modelInputType(name, elementType, numeric, span))
    return null
  }
  const width = widthOf(shape)
  if (width === null) {
    report(cx, modelTensorShape(`input "${name}"`, showShape(shape), isOpen(shape), span))
    return null
  }
  return { name, elementType, width, rank: shape?.length === 1 ? 1 : 2 }
}

/** Numbers per row; null where the shape is none that rows fit. */
function widthOf(shape: Tensor['shape']): number | null {
  if (shape === null || shape.length === 0 || shape.length > 2) return null
  if (shape.length === 1) return 1
  return shape[1] ?? null
}

function isOpen(shape: Tensor['shape']): boolean {
  return shape?.length === 2 && shape[1] === null
}

function showShape(shape: Tensor['shape']): string {
  return shape === null ? 'unknown' : `[${shape.map(size => size ?? '?').join(', ')}]`
}

function bindOutput(
  { outputs }: Graph,
  parameters: Parameters,
  span: Span,
  cx: BindContext
): BoundModel['output'] | null {
  const isFloat = ({ elementType }: Tensor): boolean => ['float', 'double'].includes(elementType)
  // Classifiers give a label first and probabilities second: the numbers are what is wanted.
  const usual = outputs.find(isFloat) ?? outputs[0]!
  const wanted = parameters.text('output', usual.name)
  const output = outputs.find(candidate => candidate.name === wanted)
  if (output === undefined) {
    const names = outputs.map(candidate => candidate.name)
    report(cx, modelOutputNotFound(wanted, parameters.span('output'), names))
    return null
  }
  if (!numeric.includes(output.elementType)) {
    const others = outputs.filter(({ elementType }) => numeric.includes(elementType))
    const names = others.map(({ name }) => name)
    const place = parameters.has('output') ? parameters.span('output') : span
    report(cx, modelOutputType(output.name, output.elementType, names, place))
    return null
  }
  const width = widthOf(output.shape)
  if (width === null) {
    const shape = showShape(output.shape)
    report(cx, modelTensorShape(`output "${output.name}"`, shape, isOpen(output.shape), span))
    return null
  }
  const index = parameters.has('index') ? parameters.integer('index', 0, 1_000_000, 0) : null
  if (index !== null && index >= width) {
    report(cx, modelOutputIndex(index, width, parameters.span('index')))
    return null
  }
  return { name: output.name, elementType: output.elementType, width, index }
}
