export { formatScript, type Formatted } from './format-script.ts'
