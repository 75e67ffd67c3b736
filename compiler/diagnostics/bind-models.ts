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

export function modelFileMissing(path: string, reason: string, span: Span) {
  return {
    code: 'model-file-missing',
    severity: 'error',
    span,
    message: `the model file can't be read: ${reason}`,
    detail: path,
    hint: 'A relative path starts at the folder of the script.'
  } satisfies Diagnostic
}

export function modelFileInvalid(path: string, reason: string, span: Span) {
  return {
    code: 'model-file-invalid',
    severity: 'error',
    span,
    message: `the file is not an ONNX model: ${reason}`,
    detail: path
  } satisfies Diagnostic
}

export function modelTensorType(tensor: string, type: string, span: Span, hint: string) {
  return {
    code: 'model-tensor-type',
    severity: 'error',
    span,
    message: `the model's ${tensor} holds ${type}, which no SQL value becomes`,
    hint
  } satisfies Diagnostic
}

export function modelTensorShape(tensor: string, shape: string, wanted: string, span: Span) {
  return {
    code: 'model-tensor-shape',
    severity: 'error',
    span,
    message: `the model's ${tensor} has shape ${shape}, but must have ${wanted}`
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
    detail: `its inputs are ${inputs}`
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
