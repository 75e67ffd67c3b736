export { deriveMessage, type MessageMisfit } from './derive-message.ts'
export { inferMessage } from './infer-message.ts'
export { checkMessage } from './check-message.ts'
export { type ProtoSource, readProtoFiles } from './read-proto-files.ts'
