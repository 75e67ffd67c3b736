import { readFile, writeFile } from 'node:fs/promises'
import wabt from 'wabt'

// Assembles the .wat files of the runtime into modules beside them. `--check` fails when a committed file is not what it would write.
const sources = [
  { folder: '.', source: 'scan.wat', module: 'scan-module.ts', name: 'SCAN_MODULE' },
  {
    folder: '../connect/wire',
    source: 'walk-records.wat',
    module: 'walk-records-module.ts',
    name: 'WALK_RECORDS_MODULE'
  }
]

const assembler = await wabt()
for (const { folder, source, module, name } of sources) {
  const wat = await readFile(new URL(`${folder}/${source}`, import.meta.url), 'utf8')
  const { buffer } = assembler.parseWat(source, wat, { simd: true, threads: true }).toBinary({})
  const text = `// Generated from ${source} by runtime/codec/generate-modules.ts. Do not edit.

/** The WebAssembly module, in base64. */
export const ${name} =
  '${Buffer.from(buffer).toString('base64')}'
`
  const target = new URL(`${folder}/${module}`, import.meta.url)
  if (!process.argv.includes('--check')) await writeFile(target, text)
  else if ((await readFile(target, 'utf8')) !== text) {
    process.stderr.write(`${module} is not fresh: run node runtime/codec/generate-modules.ts\n`)
    process.exitCode = 1
  }
}
