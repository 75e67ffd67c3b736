// JavaScript, not TypeScript: with V8's code cache on before the first file of the compiler is loaded, Node reads compiled
// code instead of stripping types and compiling each time.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { freshBundle } from './fresh-bundle.mjs'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiler', import.meta.url)))
await import(freshBundle() ?? './cli.ts')
