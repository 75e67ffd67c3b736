/** The part of WebAssembly that the codec uses; Node's types don't declare it as a value. */
interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => {
    readonly buffer: SharedArrayBuffer
  }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  ) => { readonly exports: unknown }
}

export const { Memory, Module, Instance } = (
  globalThis as unknown as { WebAssembly: WebAssemblyApi }
).WebAssembly
