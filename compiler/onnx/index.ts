export { readModel, type Graph, type Tensor } from './read-model.ts'
