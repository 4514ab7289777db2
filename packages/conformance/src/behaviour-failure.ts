/** A failed case for a test runner: the report is the message, since a stack into the kit would tell nothing. */
export class BehaviourFailure extends Error {
  constructor(report: string) {
    super(report)
    this.name = 'BehaviourFailure'
    this.stack = `${this.name}: ${report}`
  }
}
