// What `miraclec dev` starts: node main.ts <pipeline.mjs> [--once] [--rate <n>] [--port <p>]
import { parseArgs } from 'node:util'
import { runDev } from './run-dev.ts'

const { values, positionals } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    rate: { type: 'string' },
    port: { type: 'string' }
  },
  allowPositionals: true
})

// Who reads the records may have seen enough (`| head`): that ends the pipeline as Ctrl-C does.
let wanted = true
process.stdout.on('error', () => {
  if (wanted) process.kill(process.pid, 'SIGTERM')
  wanted = false
})

process.exitCode = await runDev(
  {
    modulePath: positionals[0]!,
    once: values.once,
    rate: values.rate === undefined ? null : Number(values.rate),
    port: values.port === undefined ? null : Number(values.port)
  },
  process.stdin,
  {
    record: line => {
      if (wanted) process.stdout.write(line)
    },
    note: text => void process.stderr.write(text)
  }
)
