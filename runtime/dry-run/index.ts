export { runChecks, type DryRun } from './dry-run.ts'
export { renderChecks } from './render-checks.ts'
