export { bindScript } from './bind-script.ts'
