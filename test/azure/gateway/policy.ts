/** An element of a policy document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const PART = /<(\/?)([\w-]+)((?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)|([\s\S])/g;

/** Parses a policy document as XML. Throws an error if it is invalid. */
export function parsedPolicy(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, closing, name, attributes = '', empty, text, stray] of xml.matchAll(PART)) {
    const inner = open.at(-1)!;
    if (stray !== undefined) throw new Error(`invalid XML: ${stray}`);
    if (text !== undefined) inner.text += unescaped(text).trim();
    else if (closing) {
      if (open.pop()!.name !== name) throw new Error(`${name} is not open`);
    } else {
      const element: Element = { name: name!, attributes: attributesOf(attributes), children: [], text: '' };
      inner.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not a single element');
  return root.children[0]!;
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w-]+)=(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(found.map(([, name, double, single]) => [name!, unescaped(double ?? single ?? '')]));
}

const SIGNS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function unescaped(text: string): string {
  if (/&(?!(amp|lt|gt|quot);)/.test(text)) throw new Error(`invalid XML: ${text}`);
  return text.replace(/&(\w+);/g, (_, name: string) => SIGNS[name]!);
}

/** All elements with a name, at any depth. */
export function all(element: Element, name: string): Element[] {
  const own = element.name === name ? [element] : [];
  return [...own, ...element.children.flatMap((child) => all(child, name))];
}

/** The only element with a name. */
export function only(element: Element, name: string): Element {
  const found = all(element, name);
  if (found.length !== 1) throw new Error(`${found.length} elements ${name}`);
  return found[0]!;
}
