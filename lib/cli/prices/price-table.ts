import { columnName, csvFields } from './csv';
import { formatError } from './price-client';

/** A price list of AWS as CSV: some lines about the list, a header, and the rows. */
export class PriceTable {
  private columns: ReadonlyMap<string, number> | undefined;
  private count = 0;

  /**
   * @param required columns that the list must have, by `columnName`
   * @param optional columns that older lists do not have
   */
  constructor(
    private readonly url: string,
    private readonly required: readonly string[],
    private readonly optional: readonly string[] = [],
  ) {}

  /** Whether the header was read. */
  get hasHeader(): boolean {
    return this.columns !== undefined;
  }

  /** Returns the required and the optional columns of a line, or nothing for a line above the rows. */
  row(line: string): Readonly<Record<string, string>> | undefined {
    const fields = csvFields(line);
    if (!this.columns) {
      if (fields) this.readHeader(fields);
      return undefined;
    }
    if (fields?.length !== this.count) {
      throw formatError(
        this.url,
        `rows with ${this.count} fields`,
        fields ? `${fields.length} fields` : 'an open quote',
      );
    }
    return Object.fromEntries([...this.columns].map(([name, at]) => [name, fields[at]!]));
  }

  /** Throws an error if no line was the header. */
  checkHeader(): void {
    if (!this.columns)
      throw formatError(this.url, `a table with the columns ${this.required.join(', ')}`, 'other text');
  }

  private readHeader(fields: readonly string[]): void {
    const names = fields.map(columnName);
    if (!this.required.every((name) => names.includes(name))) return;
    const used = [...this.required, ...this.optional].filter((name) => names.includes(name));
    this.columns = new Map(used.map((name) => [name, names.indexOf(name)]));
    this.count = fields.length;
  }
}
