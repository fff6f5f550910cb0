export type Cell = string | number | undefined;

/** The lines of a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const line = (cells: readonly Cell[]) => `| ${cells.map((cell) => cell ?? '').join(' | ')} |`;
  return [line(head), `|${'-|'.repeat(head.length)}`, ...rows.map(line)];
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** A slice of an accelerator as a fraction. */
export function fraction(accelerators: number): string {
  return accelerators < 1 ? `1/${Math.round(1 / accelerators)}` : String(accelerators);
}

/** A section on the machines of a cloud whose figures were not all read. */
export function unverified(
  cloud: string,
  machines: readonly (readonly [name: string, unverified: string | undefined])[],
): string[] {
  return [
    `### Not read in a source, of ${cloud}`,
    '',
    'These machines give the finding `machine/unverified`.',
    '',
    ...machines.filter(([, text]) => text !== undefined).map(([name, text]) => `- ${code(name)}: ${text}.`),
  ];
}
