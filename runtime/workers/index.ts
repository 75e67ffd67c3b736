export { reportSnapshots } from './report-snapshots.ts'
export { shareWork } from './share-work.ts'
export { startWorkers } from './start-workers.ts'
export { WorkerEnded } from './worker-ended.ts'
