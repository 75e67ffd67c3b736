import ts from 'typescript'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Type-checks generated TypeScript against `runtime/`; one line per problem, none: it is right. About 2 s. */
export function verifyTypeScript(source: string): string[] {
  const file = join(root, 'dist-pipelines/verify.ts')
  const options = { ...readOptions(), noEmit: true }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = path => path === file || fileExists(path)
  host.readFile = path => (path === file ? source : readFile(path))
  host.getSourceFile = (path, target, ...rest) =>
    path === file
      ? ts.createSourceFile(path, source, target)
      : getSourceFile.call(host, path, target, ...rest)
  // The declarations of packages that have none of their own are in no import: they are named here.
  const declarations = join(root, 'runtime/native/modules.d.ts')
  const program = ts.createProgram([file, declarations], options, host)
  return ts.getPreEmitDiagnostics(program).map(renderProblem)
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
