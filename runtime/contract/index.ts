export type * from './batch.ts'
export type * from './connector.ts'
export type * from './definition.ts'
export type * from './writer.ts'
