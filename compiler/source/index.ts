export * from './read-error.ts'
export * from './source-file.ts'
