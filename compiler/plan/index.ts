export { observeTables } from './observe-tables.ts'
export { planScript } from './plan-script.ts'
