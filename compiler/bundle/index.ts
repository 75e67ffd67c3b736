export {
  beginBundle,
  bundlePipeline,
  type BegunBundle,
  type BundleInput,
  type BundleOptions,
  type Bundled
} from './bundle.ts'
export { BundleError } from './bundle-error.ts'
export { bundleTests } from './test-bundle.ts'
