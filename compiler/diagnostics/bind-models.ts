import type { Span } from '../source/index.ts'
import { didYouMean } from './bind.ts'
import type { Diagnostic } from './diagnostic.ts'

export function modelNotFound(name: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'model-not-found',
    severity: 'error',
    span,
    message: `no model is called "${name}"`,
    ...(candidates.length === 0
      ? { hint: `Add CREATE MODEL ${name} FROM 'file.onnx'.` }
      : didYouMean(name, candidates))
  } satisfies Diagnostic
}

export function modelFileMissing(reason: string, span: Span) {
  return {
    code: 'model-file-missing',
    severity: 'error',
    span,
    message: `the model file can't be read: ${reason}`,
    hint: 'A relative path starts at the folder of the script.'
  } satisfies Diagnostic
}

export function modelFileInvalid(reason: string, span: Span) {
  return {
    code: 'model-file-invalid',
    severity: 'error',
    span,
    message: `the file is not an ONNX model: ${reason}`
  } satisfies Diagnostic
}

export function modelInputType(tensor: string, type: string, types: readonly string[], span: Span) {
  return {
    code: 'model-input-type',
    severity: 'error',
    span,
    message: `the model's input "${tensor}" takes ${type}, which no SQL value becomes`,
    hint: `Models that take ${types.join(', ')} work.`
  } satisfies Diagnostic
}

/** `others` are outputs that could be asked for instead. */
export function modelOutputType(
  tensor: string,
  type: string,
  others: readonly string[],
  span: Span
) {
  return {
    code: 'model-output-type',
    severity: 'error',
    span,
    message: `the model's output "${tensor}" gives ${type}, and no numbers`,
    ...(others.length === 0 ? {} : { hint: `Ask for another: WITH (output = '${others[0]}').` })
  } satisfies Diagnostic
}

/** `isOpen`: rows have a width that the model does not say. */
export function modelTensorShape(tensor: string, shape: string, isOpen: boolean, span: Span) {
  return {
    code: 'model-tensor-shape',
    severity: 'error',
    span,
    message: isOpen
      ? `the model's ${tensor} has shape ${shape}, which leaves open how many numbers a row has`
      : `the model's ${tensor} has shape ${shape}, but must have [rows] or [rows, numbers]`,
    ...(isOpen ? { hint: 'Export the model with that size fixed.' } : {})
  } satisfies Diagnostic
}

export function modelOutputNotFound(name: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'model-output-not-found',
    severity: 'error',
    span,
    message: `the model has no output "${name}"`,
    ...didYouMean(name, candidates)
  } satisfies Diagnostic
}

export function modelOutputIndex(index: number, width: number, span: Span) {
  return {
    code: 'model-output-index',
    severity: 'error',
    span,
    message: `index ${index} is outside the model's output, which has ${width} number${width === 1 ? '' : 's'} per row`,
    hint: 'Indexes count from 0.'
  } satisfies Diagnostic
}

export function predictArgumentCount(
  model: string,
  wanted: number,
  found: number,
  inputs: string,
  span: Span
) {
  return {
    code: 'predict-argument-count',
    severity: 'error',
    span,
    message: `model "${model}" takes ${wanted} argument${wanted === 1 ? '' : 's'}, not ${found}`,
    detail: `its inputs: ${inputs}`
  } satisfies Diagnostic
}

export function predictArgumentType(model: string, wanted: string, found: string, span: Span) {
  return {
    code: 'predict-argument-type',
    severity: 'error',
    span,
    message: `model "${model}" takes ${wanted} here, not ${found}`
  } satisfies Diagnostic
}
