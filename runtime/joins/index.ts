export { expireJoin, joinLeft, joinRight } from './append-join.ts'
export { changeLeft, changeRight } from './changing-join.ts'
export { JoinState } from './join-state.ts'
