import { type Props, records, word } from '../json';
import { nameOfPath } from '../neutral';

const NESTED = /^(.*)\.NestedStack\/[^/]+\.NestedStackResource$/;

/** Paths of constructs by stack and logical id, from the metadata of an assembly. */
export class PathNames {
  constructor(private readonly pathsByStack: ReadonlyMap<string, ReadonlyMap<string, string>>) {}

  /** Returns the name of a resource. */
  nameOf(stack: string, logicalId: string): string | undefined {
    const path = this.pathsByStack.get(stack)?.get(logicalId);
    return path === undefined ? undefined : nameOfPath(path.slice(stack.length + 1));
  }

  /** Returns the path of the nested stack that a resource deploys. */
  nestedPath(stack: string, logicalId: string): string | undefined {
    return NESTED.exec(this.pathsByStack.get(stack)?.get(logicalId) ?? '')?.[1];
  }
}

/** Returns the names in the metadata of a stack, including those of its nested stacks. */
export function namesIn(root: string, metadata: Props): PathNames {
  const entries = Object.entries(metadata).flatMap(([path, found]) =>
    records(found)
      .filter(({ type }) => type === 'aws:cdk:logicalId')
      .map(({ data }) => ({ path: path.replace(/^\//, ''), id: word(data) })),
  );
  const nested = entries.flatMap(({ path }) => NESTED.exec(path)?.[1] ?? []);
  const byStack = new Map<string, Map<string, string>>();
  for (const { path, id } of entries) {
    const stack = innermost(path, nested) ?? root;
    byStack.set(stack, (byStack.get(stack) ?? new Map<string, string>()).set(id, path));
  }
  return new PathNames(byStack);
}

/** Returns the innermost nested stack that contains a path. */
function innermost(path: string, nested: readonly string[]): string | undefined {
  return nested.filter((stack) => path.startsWith(`${stack}/`)).sort((a, b) => b.length - a.length)[0];
}
