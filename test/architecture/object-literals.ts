import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './source-files.ts'

export interface ObjectLiteral {
  readonly file: string
  readonly line: number
  /** The exported function or the constant that it stands in; null outside of any. */
  readonly owner: string | null
  /** Its properties' names, with the value of those that are string literals. */
  readonly properties: ReadonlyMap<string, string | null>
}

/** Every object literal of a file, inner ones included. */
export function findObjectLiterals(file: string): readonly ObjectLiteral[] {
  const text = readFileSync(join(root, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: ObjectLiteral[] = []
  const visit = (node: ts.Node, owner: string | null): void => {
    const inner = nameOf(node) ?? owner
    if (ts.isObjectLiteralExpression(node)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
      const properties = new Map(node.properties.flatMap(propertyOf))
      found.push({ file, line, owner, properties })
    }
    ts.forEachChild(node, child => visit(child, inner))
  }
  visit(source, null)
  return found
}

function nameOf(node: ts.Node): string | null {
  if (ts.isFunctionDeclaration(node)) return node.name?.text ?? null
  return ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) ? node.name.text : null
}

function propertyOf(property: ts.ObjectLiteralElementLike): [string, string | null][] {
  const { name } = property
  if (name === undefined || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) return []
  const value = ts.isPropertyAssignment(property) ? property.initializer : null
  return [[name.text, value !== null && ts.isStringLiteral(value) ? value.text : null]]
}
