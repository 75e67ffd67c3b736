export { js, literal, quote, type Code, type Insertion } from './code.ts'
