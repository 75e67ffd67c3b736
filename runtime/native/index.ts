export { loadKafkaNative, type KafkaNative } from './kafka.ts'
export { loadOnnxNative, type OnnxNative } from './onnx.ts'
export { readModel } from './model-file.ts'
export { mapStack } from './stack.ts'
