import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'
import { packageRoot } from './package-root.ts'

const NAMESPACE = 'addon'
/** A function in place of the package that looks for an addon. */
const SEARCH = 'addon-search'
/** How onnxruntime-node's CommonJS code asks for its addon: a path that only exists in node_modules. */
const ONNX_REQUIRE = /require\(`\.\.\/bin\/napi-v6\/[^`]*onnxruntime_binding\.node`\)/

/**
 * Answers for the file of the generated code, which may come later, and replaces the packages' own search for native addons with
 * `openAddon`, which finds them beside the bundle or in the executable. Nothing else is asked of this process: esbuild reads the
 * runtime while it is busy.
 */
export function nativePlugin(
  pipelinePath: string,
  pipelineSource: string | Promise<string>
): Plugin {
  return {
    name: 'native',
    setup(build) {
      build.onResolve({ filter: /^\.\/pipeline\.ts$/ }, () => ({ path: pipelinePath }))
      build.onLoad({ filter: /\/pipeline\.ts$/ }, async ({ path }) =>
        path === pipelinePath ? { contents: await pipelineSource, loader: 'ts' } : undefined
      )
      build.onResolve({ filter: /\/librdkafka(\.js)?$/ }, () => ({
        path: 'kafka',
        namespace: NAMESPACE
      }))
      void addonPlugin.setup(build)
      build.onLoad({ filter: /onnxruntime-node\/dist\/binding\.js$/ }, async ({ path }) => ({
        contents: redirectOnnx(await readFile(path, 'utf8'))
      }))
    }
  }
}

function redirectOnnx(source: string): string {
  if (!ONNX_REQUIRE.test(source))
    throw new Error('onnxruntime-node loads its addon in an unknown way')
  return source.replace(ONNX_REQUIRE, "require('addon:onnx')")
}

/** `addon:name` is an addon as it is loaded in a bundle; LMDB's package gets its own from there. */
export const addonPlugin: Plugin = {
  name: 'addon',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^addon:/ }, ({ path }) => ({
      path: path.slice('addon:'.length),
      namespace: NAMESPACE
    }))
    onResolve({ filter: /^node-gyp-build-optional-packages$/ }, ({ importer }) =>
      /\/lmdb\/[^/]+\.js$/.test(importer) ? { path: 'lmdb', namespace: SEARCH } : undefined
    )
    onLoad({ filter: /.*/, namespace: SEARCH }, ({ path }) => ({
      contents: `module.exports = () => require('addon:${path}')`
    }))
    onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = require('./runtime/native/addon.ts').openAddon('${path}')`,
      resolveDir: packageRoot
    }))
  }
}
