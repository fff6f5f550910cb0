/** What a command returns to the shell. */
export const EXIT = {
  OK: 0,
  /** The plan cannot be, or nothing was found that can. */
  FAILED: 1,
  /** An unknown flag, a bad value, a file that cannot be read. */
  USAGE: 2,
} as const;

/** A code of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
