import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

export const root = resolve(import.meta.dirname, '../..')

export interface Import {
  readonly file: string
  readonly line: number
  /** A path from the root, or a package's name. `node:` modules are left out. */
  readonly target: string
  readonly isPackage: boolean
  /** Only types: nothing of it is left at run time. */
  readonly typeOnly: boolean
}

/** What the repository holds, new files included, ignored ones not. Paths from the root. */
export function listFiles(): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard']
  const output = execFileSync('git', args, { cwd: root, encoding: 'utf8' })
  return output.split('\n').filter(path => path !== '' && existsSync(join(root, path)))
}

/** Every import, re-export and `import()` of a file, types included. */
export function readImports(file: string): readonly Import[] {
  return findImports(file, readFileSync(join(root, file), 'utf8'))
}

export function findImports(file: string, text: string): readonly Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return
    if (specifier.text.startsWith('node:')) return
    const line = source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1
    imports.push({ file, line, typeOnly, ...resolveTarget(file, specifier.text) })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node))
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, isTypeExport(node))
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return imports
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const { name, namedBindings } = importClause
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings))
    return false
  return (
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly)
  )
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return false
  return (
    exportClause.elements.length > 0 && exportClause.elements.every(element => element.isTypeOnly)
  )
}

/** package.json's `imports`: how the top-level folders name one another. */
const subpaths: Readonly<Record<string, string>> = {
  '#compiler': 'compiler/index.ts',
  '#runtime': 'runtime/index.ts',
  '#grammar': 'grammar/index.ts'
}

function resolveTarget(file: string, specifier: string): { target: string; isPackage: boolean } {
  const subpath = subpaths[specifier]
  if (subpath !== undefined) return { target: subpath, isPackage: false }
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), specifier))
    return { target, isPackage: false }
  }
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1)
  return { target: name.join('/'), isPackage: true }
}
