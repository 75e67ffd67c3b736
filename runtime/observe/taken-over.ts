import { EnvironmentError } from './environment-error.ts'

export class TakenOver extends EnvironmentError {
  constructor(pipeline: string) {
    super(
      `another process of "${pipeline}" has taken over`,
      'Its state is in one process at a time. This one stops; nothing is lost.'
    )
  }
}
