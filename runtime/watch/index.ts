export { makeExporter } from './prometheus.ts'
