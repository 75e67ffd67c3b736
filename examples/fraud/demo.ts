// `npm run demo`: fraud.sql as an executable, on an embedded broker, with generated card payments.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { readOptions, usage } from './options.ts'
import { runDemo } from './run-demo.ts'
import { Screen } from './screen.ts'

const root = join(import.meta.dirname, '../..')
const script = 'examples/fraud/fraud.sql'

async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words)
  if (options === null) {
    process.stdout.write(usage)
    return 0
  }
  if (typeof options === 'string') {
    process.stderr.write(`demo: ${options}\n${usage}`)
    return 2
  }
  const screen = new Screen(process.stdout)
  screen.line(`$ miraclec compile ${script}`)
  const code = await compile()
  return code === 0 ? runDemo('dist-pipelines/fraud/fraud', options, screen) : code
}

/** With the command that people use. */
async function compile(): Promise<number> {
  const child = spawn('compiler/miraclec', ['compile', script], { cwd: root, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

process.chdir(root)
process.exitCode = await main(process.argv.slice(2))
