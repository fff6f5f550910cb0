/** The exit codes of a command. */
export const EXIT = {
  /** Success. */
  OK: 0,
  /** The plan contradicts itself, or nothing was found. */
  FAILED: 1,
  /** An unknown flag, an invalid value, or an unreadable file. */
  USAGE: 2,
} as const;

/** An exit code. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error in the user's input. It is shown as one message without a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
