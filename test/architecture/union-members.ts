import { join } from 'node:path'
import ts from 'typescript'
import { root } from './source-files.ts'

/** The strings of a type such as `'Filter' | 'Project'`, exported by a module of the compiler. */
export function unionMembers(file: string, typeName: string): readonly string[] {
  const path = join(root, file)
  const options: ts.CompilerOptions = {
    noLib: true,
    types: [],
    strict: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true
  }
  const program = ts.createProgram([path], options)
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)
  const symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === typeName)
  if (symbol === undefined) throw new Error(`${file} exports no ${typeName}`)
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  const members = type.isUnion() ? type.types : [type]
  return members.map(member => {
    if (!member.isStringLiteral()) throw new Error(`${typeName} is no union of strings`)
    return member.value
  })
}
