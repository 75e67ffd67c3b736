export { OverState } from './over-state.ts'
