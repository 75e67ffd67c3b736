import { closest } from './diagnostics/closest.ts'
import { parseArguments } from './commands/arguments.ts'
import { type Command, exitCode, type Option } from './commands/command.ts'
import { version } from './version.ts'

/** Each command is loaded when it is called: `check` does not wait for esbuild. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  compile: async () => (await import('./commands/compile.ts')).compileCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  run: async () => (await import('./commands/run.ts')).runCommand,
  dev: async () => (await import('./commands/dev.ts')).devCommand,
  functions: async () => (await import('./commands/functions.ts')).functionsCommand,
  test: async () => (await import('./commands/test.ts')).testCommand,
  fmt: async () => (await import('./commands/fmt.ts')).fmtCommand,
  diff: async () => (await import('./commands/diff.ts')).diffCommand,
  'replay-dlq': async () => (await import('./commands/replay-dlq.ts')).replayDlqCommand,
  init: async () => (await import('./commands/init.ts')).initCommand,
  lsp: async () => (await import('./commands/lsp.ts')).lspCommand
}

/** Runs one command; the result is the process's exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words
  if (name === '--version' || name === '-V' || name === '-v') {
    process.stdout.write(`miraclec ${version}\n`)
    return exitCode.done
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === 'help' && rest[0] !== undefined) return main([rest[0], '--help'])
    process.stdout.write(await renderHelp())
    return name === undefined ? exitCode.usage : exitCode.done
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) return usageError(unknownCommand(name), 'miraclec --help')
  return runCommand(await load(), rest)
}

async function runCommand(command: Command, words: readonly string[]): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) {
    process.stdout.write(renderUsage(command))
    return exitCode.done
  }
  const parsed = parseArguments(command, words)
  if (!parsed.ok) return usageError(parsed.problem, `miraclec ${command.name} --help`)
  return command.run(parsed.args)
}

function unknownCommand(name: string): string {
  const near = closest(name, Object.keys(commands))
  if (near !== null) return `there is no command "${name}"; did you mean "${near}"?`
  if (name.endsWith('.sql')) return `a command comes first: miraclec compile ${name}`
  return `there is no command "${name}"`
}

function usageError(problem: string, help: string): number {
  process.stderr.write(`miraclec: ${problem}\nSee ${help}\n`)
  return exitCode.usage
}

async function renderHelp(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map(load => load()))
  const heads = all.map(({ name, usage }) => `${name} ${usage}`)
  const width = Math.max(...heads.map(head => head.length))
  const rows = all.map(({ summary }, i) => `  ${heads[i]!.padEnd(width)}  ${summary}`)
  return `miraclec ${version}: compiles streaming SQL into one Kafka pipeline executable

Usage: miraclec <command> [options]

${rows.join('\n')}

miraclec <command> --help shows a command's options.
Exit codes: 0 done, 1 the script is wrong, 2 usage, 3 environment, 4 a bug in miraclec.
`
}

function renderUsage(command: Command): string {
  const rows = command.options.map(option => `  ${renderOption(option).padEnd(30)}${option.help}`)
  const options = rows.length === 0 ? '' : `\n${rows.join('\n')}\n`
  const usage = [command.name, '[options]', command.usage].filter(word => word !== '').join(' ')
  return `Usage: miraclec ${usage}\n\n${command.summary}\n${options}`
}

function renderOption({ name, short, value }: Option): string {
  const long = value === null ? `--${name}` : `--${name} ${value}`
  return short === undefined ? `    ${long}` : `-${short}, ${long}`
}

process.on('uncaughtException', error => {
  process.stderr.write(
    `miraclec: internal error: this is a bug in miraclec, not in your script\n${error.stack}\n`
  )
  process.exit(exitCode.internal)
})
process.exitCode = await main(process.argv.slice(2))
