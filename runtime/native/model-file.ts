import { readShipped } from './shipped-file.ts'

/** A model's bytes by its hash. */
export function readModel(sha256: string): Uint8Array {
  return readShipped(`models/${sha256}.onnx`)
}
