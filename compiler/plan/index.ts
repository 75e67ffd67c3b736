export { asRows } from './as-rows.ts'
export { observeTables } from './observe-tables.ts'
export { planScript } from './plan-script.ts'
