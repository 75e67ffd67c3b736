export { openLmdb } from './lmdb-backend.ts'
