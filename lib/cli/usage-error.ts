/** An error in the user's input. It is shown as one message without a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
