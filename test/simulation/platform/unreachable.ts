/** What a caller gets instead of an answer. The platform marks some of these as safe to repeat. */
export class Unreachable extends Error {
  readonly retryable: boolean
  constructor(retryable: boolean) {
    super('Network connection lost.')
    this.retryable = retryable
  }
}
