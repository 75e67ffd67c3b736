export { loadAsk, loadBackend, loadPart } from './part.ts'
export {
  type Crc32c,
  loadCrc32c,
  loadKafkaNative,
  loadTrimMemory,
  type KafkaNative
} from './kafka.ts'
export { loadOnnxNative, type OnnxNative } from './onnx.ts'
export { readModel } from './model-file.ts'
export { readShipped } from './shipped-file.ts'
export { mapStack } from './stack.ts'
