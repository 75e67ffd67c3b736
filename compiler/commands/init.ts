import { basename, resolve } from 'node:path'
import {
  filesInTheWay,
  nameProblem,
  projectFiles,
  type TemplateName,
  templateNames,
  templates,
  writeProject
} from '../init/index.ts'
import { type Command, exitCode } from './command.ts'

const usual: TemplateName = 'filter'

export const initCommand: Command = {
  name: 'init',
  usage: '[name]',
  summary:
    'make a project: SQL, its tests, and what deploys it, in a folder of that name or in this one',
  options: [
    {
      name: 'template',
      short: 't',
      value: '<template>',
      choices: templateNames,
      help: templateHelp()
    }
  ],
  positional: { min: 0, max: 1 },
  async run({ positional: [given], options }) {
    const folder = resolve(given ?? '.')
    const name = given ?? basename(folder)
    const problem = nameProblem(name)
    if (problem !== null) {
      const hint = given === undefined ? `; give one: miraclec init <name>` : ''
      return fail(`${problem}${hint}`, exitCode.usage)
    }
    const template = (options['template'] ?? usual) as TemplateName
    const files = projectFiles(template, name, folder)
    try {
      const there = filesInTheWay(folder, files)
      if (there.length > 0) {
        return fail(`nothing is written over: there is ${there.join(', ')} already`, exitCode.usage)
      }
      writeProject(folder, files)
    } catch (error) {
      if (!(error instanceof Error) || !('syscall' in error)) throw error
      return fail(`cannot write the project: ${error.message}`, exitCode.environment)
    }
    process.stdout.write(report(name, given !== undefined, [...files.keys()]))
    return exitCode.done
  }
}

function templateHelp(): string {
  const lines = Object.entries(templates).map(
    ([name, { summary }]) => `${' '.repeat(34)}${name.padEnd(9)}${summary}`
  )
  return `what it begins with (default: ${usual})\n${lines.join('\n')}`
}

function fail(problem: string, code: number): number {
  process.stderr.write(`miraclec: ${problem}\n`)
  return code
}

function report(name: string, isBelow: boolean, paths: readonly string[]): string {
  const steps = [
    ...(isBelow ? [[`cd ${name}`, '']] : []),
    ['npm install', 'links miraclec; commit package-lock.json'],
    [`npx --no miraclec dev ${name}.sql`, 'try it: embedded broker, generated rows'],
    ['npx --no miraclec test', 'its tests'],
    [`npx --no miraclec compile ${name}.sql`, `dist-pipelines/${name}/${name}, to ship`]
  ]
  const width = Math.max(...steps.map(([command]) => command!.length))
  const lines = steps.map(([command, what]) => `  ${command!.padEnd(width)}  ${what}`.trimEnd())
  return `${paths.map(path => `  ${path}`).join('\n')}\n\nNext:\n${lines.join('\n')}\n\nREADME.md says how it is deployed.\n`
}
