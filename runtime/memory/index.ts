export { limitHeap } from './limit-heap.ts'
export { MAX_MEMORY, memoryFlag, readMaxMemory } from './max-memory.ts'
export { guardProcess, MemoryGuard } from './memory-guard.ts'
export { shareOfClients } from './share-of-clients.ts'
