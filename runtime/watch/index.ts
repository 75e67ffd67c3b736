export { pages } from './pages.ts'
export { makeExporter } from './prometheus.ts'
export { renderAnalysis } from './render-analysis.ts'
export { renderStatus } from './render-status.ts'
