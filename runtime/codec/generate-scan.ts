import { readFile, writeFile } from 'node:fs/promises'
import wabt from 'wabt'

// Assembles scan.wat into scan-module.ts. `--check` fails when the committed file is not what it would write.
const source = new URL('scan.wat', import.meta.url)
const target = new URL('scan-module.ts', import.meta.url)

const assembler = await wabt()
const parsed = assembler.parseWat('scan.wat', await readFile(source, 'utf8'), { simd: true })
const { buffer } = parsed.toBinary({})
const text = `// Generated from scan.wat by generate-scan.ts. Do not edit.

/** The WebAssembly module, in base64. */
export const SCAN_MODULE =
  '${Buffer.from(buffer).toString('base64')}'
`
if (!process.argv.includes('--check')) await writeFile(target, text)
else if ((await readFile(target, 'utf8')) !== text) {
  process.stderr.write(
    'runtime/codec/scan-module.ts is not fresh: run node runtime/codec/generate-scan.ts\n'
  )
  process.exitCode = 1
}
