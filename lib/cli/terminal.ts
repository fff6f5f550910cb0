/** The output of a command. */
export interface Terminal {
  /** Writes results. */
  out(text: string): void;
  /** Writes errors and progress. */
  err(text: string): void;
  /** Whether results can have color: the output is a terminal and `NO_COLOR` is not set. */
  readonly color: boolean;
  /** Whether errors and progress go to a terminal. */
  readonly watched: boolean;
}

/** The terminal of a process. @see https://no-color.org */
export function terminalOf({ stdout, stderr, env }: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>): Terminal {
  const allowed = env.NO_COLOR === undefined || env.NO_COLOR === '';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    color: stdout.isTTY && allowed && env.TERM !== 'dumb',
    watched: stderr.isTTY,
  };
}

const STYLES = { bold: 1, dim: 2 } as const;

/** Returns text in a style, if the terminal supports it. */
export function styled({ color }: Pick<Terminal, 'color'>, style: keyof typeof STYLES, text: string): string {
  return color ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}
