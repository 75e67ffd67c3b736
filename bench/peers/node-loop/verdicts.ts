// data/verdicts.ts: JSON.parse and JSON.stringify.
//
//     node bench/peers/node-loop/verdicts.ts <brokers> <input> <output> <group>
import { judge } from '../judge.ts'
import { runLoop } from './loop.ts'

await runLoop(values => values.flatMap(value => judge(value) ?? []))
