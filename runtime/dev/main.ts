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
process.stderr.on('error', () => {})
process.stdout.on('error', () => {
  if (wanted) process.kill(process.pid, 'SIGTERM')
  wanted = false
})

// The command that started us is gone, without a word.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// To listen is no reason to live on.
process.channel?.unref()

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
