export { findComparedValues } from './compared-values.ts'
export { generateRow } from './generate-row.ts'
export { makeRandom, normal, round } from './random.ts'
