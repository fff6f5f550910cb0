/** Returns the fields of a line of CSV, as RFC 4180 quotes them. Returns `undefined` if a quoted field does not end on the line. */
export function csvFields(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at);
      const end = comma === -1 ? line.length : comma;
      fields.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    const end = closingQuote(line, at + 1);
    if (end === -1) return undefined;
    fields.push(line.slice(at + 1, end).replaceAll('""', '"'));
    // After the quote comes a comma, or the end of the line.
    at = end + 2;
  }
  return fields;
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 2)) if (line[at + 1] !== '"') return at;
  return -1;
}

/** Returns the name of a column without case, spaces, and punctuation: `Pre Installed S/W` becomes `preinstalledsw`. */
export function columnName(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
