export { planScript } from './plan-script.ts'
