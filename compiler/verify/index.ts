import ts from 'typescript'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * Type-checks generated TypeScript, by name, against `runtime/`; one line per problem, none: it is right. About 2 s for one
 * source, and 10 ms more for each further one.
 */
export function verifyTypeScript(sources: ReadonlyMap<string, string>): string[] {
  const files = new Map([...sources].map(([name, source]) => [virtualPath(name), source]))
  const options = { ...readOptions(), noEmit: true }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = path => files.has(path) || fileExists(path)
  host.readFile = path => files.get(path) ?? readFile(path)
  host.getSourceFile = (path, target, ...rest) => {
    const source = files.get(path)
    return source === undefined
      ? getSourceFile.call(host, path, target, ...rest)
      : ts.createSourceFile(path, source, target)
  }
  // The declarations of packages that have none of their own are in no import: they are named here.
  const declarations = join(root, 'runtime/native/modules.d.ts')
  const program = ts.createProgram([...files.keys(), declarations], options, host)
  // The runtime itself is checked where it is built.
  const problems = [...files.keys()].flatMap(path => {
    const file = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
  })
  return [...program.getGlobalDiagnostics(), ...problems].filter(isMismatch).map(renderProblem)
}

const NO_OVERLAP = 2367
const ALWAYS_TRUE = 2872
const ALWAYS_FALSE = 2873
const LITERAL = /^(true|false|-?\d[\d.e+-]*n?|".*")$/s

/**
 * `a = 1 AND a = 2` never holds and `NOT NULL` is always the same, which TypeScript sees too: that is the script's, and no
 * mismatch with the runtime.
 */
function isMismatch({ code, messageText }: ts.Diagnostic): boolean {
  if (code === ALWAYS_TRUE || code === ALWAYS_FALSE) return false
  if (code !== NO_OVERLAP) return true
  const message = ts.flattenDiagnosticMessageText(messageText, '\n')
  const [, left = '', right = ''] = /the types '(.*)' and '(.*)' have/s.exec(message) ?? []
  return !LITERAL.test(left) || !LITERAL.test(right)
}

/** Inside of the package, where `#runtime` resolves; nothing is there. */
function virtualPath(name: string): string {
  return join(root, 'dist-pipelines/verify', `${name}.ts`)
}

function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), path => ts.sys.readFile(path))
  return ts.parseJsonConfigFileContent(config, ts.sys, root, {}, undefined, []).options
}

function renderProblem({ file, start, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n')
  if (file === undefined || start === undefined) return message
  const { line, character } = file.getLineAndCharacterOfPosition(start)
  return `${file.fileName}:${line + 1}:${character + 1}: ${message}`
}
