export { protobufEncoder } from './protobuf-encoder.ts'
export { type ProtobufColumn, ProtobufDecoder } from './protobuf-decoder.ts'
