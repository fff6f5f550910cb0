/** Where a command writes to. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Errors and progress. */
  err(text: string): void;
  /** Whether results may carry colour: they go to a screen, and nobody said `NO_COLOR`. */
  readonly colour: boolean;
  /** Whether somebody watches what goes to `err`. */
  readonly watched: boolean;
}

/** The terminal of a process. @see https://no-color.org */
export function terminalOf({ stdout, stderr, env }: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>): Terminal {
  const allowed = env.NO_COLOR === undefined || env.NO_COLOR === '';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colour: stdout.isTTY && allowed && env.TERM !== 'dumb',
    watched: stderr.isTTY,
  };
}

const STYLES = { bold: 1, dim: 2 } as const;

/** Text in a style, where the terminal shows one. */
export function styled({ colour }: Pick<Terminal, 'colour'>, style: keyof typeof STYLES, text: string): string {
  return colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}
