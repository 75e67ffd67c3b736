export { type ProtobufColumn, ProtobufDecoder } from './protobuf-decoder.ts'
