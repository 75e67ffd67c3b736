import type * as Package from 'onnxruntime-node'

export type OnnxNative = Pick<typeof Package, 'InferenceSession' | 'Tensor'>

/** ONNX Runtime. Loaded on first use, so that a pipeline without a model neither carries nor loads it. */
export async function loadOnnxNative(): Promise<OnnxNative> {
  const module = await import('onnxruntime-node')
  return module
}
