// What `miraclec replay-dlq` starts: node main.ts <words of the command>
import { replayDlq } from './replay-dlq.ts'

const defaults = { command: 'miraclec replay-dlq', brokers: null, topics: [], properties: {} }
// The command that started us is gone: what is in the open transaction is not written.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// To listen is no reason to live on.
process.channel?.unref()
process.exitCode = await replayDlq(process.argv.slice(2), defaults, process.env, {
  print: text => void process.stdout.write(text),
  complain: text => void process.stderr.write(text)
})
