/** Downloads files from public repositories. */
export class Downloads {
  /** @param mirror URL of a server that has the files of other servers below their host name. @default - the servers themselves */
  constructor(private readonly mirror?: string) {}

  /** Returns the text of a file in a GitHub repository. @param repository owner, name and ref: `owner/name@ref` */
  async github(repository: string, path: string): Promise<string> {
    const [name, ref] = repository.split('@') as [string, string];
    return this.text(`https://raw.githubusercontent.com/${name}/${ref}/${path}`);
  }

  /** Returns the address of a server, or of its mirror. */
  address(url: string): string {
    return this.mirror === undefined ? url : url.replace(/^(https|oci):\/\//, `${this.mirror.replace(/\/$/, '')}/`);
  }

  private async text(url: string): Promise<string> {
    const address = this.address(url);
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
    return response.text();
  }
}
