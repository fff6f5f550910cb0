/** An error by the name that a state machine catches it by. */
export class StatesError extends Error {
  constructor(
    public readonly error: string,
    public override readonly cause = '',
  ) {
    super(`${error}: ${cause}`);
  }
}

/** Errors that no state catches and no state tries again. */
const TERMINAL = ['States.Runtime', 'States.DataLimitExceeded'];

/** Whether a retrier or a catcher is for an error. */
export function isFor(errorEquals: readonly string[], { error }: StatesError): boolean {
  if (TERMINAL.includes(error)) return errorEquals.includes(error);
  if (errorEquals.includes('States.ALL') || errorEquals.includes(error)) return true;
  // Whatever a task fails by, but for its time.
  return errorEquals.includes('States.TaskFailed') && error !== 'States.Timeout' && !error.startsWith('States.Query');
}
