/** An error with the name that a state machine catches. */
export class StatesError extends Error {
  constructor(
    public readonly error: string,
    public override readonly cause = '',
  ) {
    super(`${error}: ${cause}`);
  }
}

/** Errors that no state can catch or retry. */
const TERMINAL = ['States.Runtime', 'States.DataLimitExceeded'];

/** Whether a retrier or a catcher matches an error. */
export function matches(errorEquals: readonly string[], { error }: StatesError): boolean {
  if (TERMINAL.includes(error)) return errorEquals.includes(error);
  if (errorEquals.includes('States.ALL') || errorEquals.includes(error)) return true;
  // Any error of a task, except a timeout.
  return errorEquals.includes('States.TaskFailed') && error !== 'States.Timeout' && !error.startsWith('States.Query');
}
