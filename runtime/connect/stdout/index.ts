export { printTo, withPrinter } from './printer.ts'
