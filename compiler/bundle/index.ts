export {
  beginBundle,
  bundlePipeline,
  type BegunBundle,
  type BundleOptions,
  type Bundled
} from './bundle.ts'
export type { BundleInput } from './bundle-input.ts'
export { BundleError } from './bundle-error.ts'
export { bundleTests } from './test-bundle.ts'
