/** What is wrong with what the user typed or wrote: shown as one message, never with a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
