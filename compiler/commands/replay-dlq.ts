import { join } from 'node:path'
import { packageRoot } from '../bundle/package-root.ts'
import type { Command } from './command.ts'
import { runChild } from './run-child.ts'

export const replayDlqCommand: Command = {
  name: 'replay-dlq',
  usage: '<topic> --brokers <list> [--show|--write|--dry-run] [--code c] [--source s] ...',
  summary: 'dead letters of a topic with their reasons; --write writes the records back',
  options: [],
  positional: { min: 1, max: 1 },
  takesRest: true,
  run: ({ positional, rest }) =>
    runChild(process.execPath, [
      join(packageRoot, 'runtime/replay/main.ts'),
      ...positional,
      ...rest
    ])
}
