import { EnvironmentError } from './environment-error.ts'

/** What the pipeline holds leaves no room to go on: trying again would not help. */
export class MemoryExhausted extends EnvironmentError {}
