export type * from './bound.ts'
export type * from './scalars.ts'
export type * from './stages.ts'
export type * from './streams.ts'
