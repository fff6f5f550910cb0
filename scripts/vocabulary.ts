/**
 * Compares the names and types of props across clouds. An interface with the same name on two clouds has the same props, or a row in
 * `vocabulary-exceptions.ts` with the reason.
 *
 *     npx tsx scripts/vocabulary.ts
 *
 * Prints the rows to add and to remove, and exits with 1 if there are any.
 */
import { type Cloud, CLOUDS, titleOf } from './clouds';
import { NATIVE, type Prop, type PublicApi, publicApi, withoutUnit } from './public-api';
import { DIFFERENT_PROPS, type DifferentProps, MISSING_PROPS, type MissingProps } from './vocabulary-exceptions';

type Apis = Readonly<Partial<Record<Cloud, Pick<PublicApi, 'interfaces'>>>>;

/** A prop that differs between clouds. */
export interface Difference {
  readonly of: string;
  readonly prop: string;
  readonly on: readonly Cloud[];
  /** Type on each cloud, if all have the prop and the types differ. @default - the prop is missing on a cloud */
  readonly types?: Readonly<Partial<Record<Cloud, string>>>;
}

/** Finds the props of shared interfaces that are missing on a cloud, or have another type there. */
export function differencesOf(apis: Apis): Difference[] {
  const clouds = CLOUDS.filter((cloud) => apis[cloud]);
  // Attributes identify existing resources, and each cloud has its own identifiers.
  const names = new Set(
    clouds.flatMap((cloud) => [...apis[cloud]!.interfaces.keys()].filter((name) => !name.endsWith('Attributes'))),
  );
  return [...names].sort().flatMap((of) => {
    const having = clouds.filter((cloud) => apis[cloud]!.interfaces.has(of));
    if (having.length < 2) return [];
    const props = new Map(having.map((cloud) => [cloud, byName(apis[cloud]!.interfaces.get(of)!)]));
    const all = [...new Set([...props.values()].flatMap((each) => [...each.keys()]))].sort();
    return all.flatMap((prop): Difference[] => {
      const on = having.filter((cloud) => props.get(cloud)!.has(prop));
      const types = Object.fromEntries(on.map((cloud) => [cloud, typeOf(props.get(cloud)!.get(prop)!)]));
      return [
        ...(on.length < having.length ? [{ of, prop, on }] : []),
        ...(differ(on.map((cloud) => props.get(cloud)!.get(prop)!)) ? [{ of, prop, on, types }] : []),
      ];
    });
  });
}

function byName(props: readonly Prop[]): Map<string, Prop> {
  return new Map(props.map((prop) => [withoutUnit(prop.name), prop]));
}

function typeOf({ kind, isOptional }: Prop): string {
  return isOptional ? `${kind}, optional` : kind;
}

/** Whether the types differ. The type of a package matches any other type. */
function differ(props: readonly Prop[]): boolean {
  const kinds = props.map(({ kind }) => kind).filter((kind) => !kind.split(/ (?:of|or) /).includes(NATIVE));
  return new Set(kinds).size > 1 || new Set(props.map(({ isOptional }) => isOptional)).size > 1;
}

/** Returns what is wrong with the tables of exceptions, one line for each problem. */
export function vocabularyProblems(
  differences: readonly Difference[],
  missing: readonly MissingProps[] = MISSING_PROPS,
  different: readonly DifferentProps[] = DIFFERENT_PROPS,
): string[] {
  const listedMissing = missing.flatMap(({ props, on }) => props.map((prop) => keyOf(prop, on)));
  const listedDifferent = different.flatMap(({ props }) => props);
  const found = (hasTypes: boolean) => differences.filter(({ types }) => (types !== undefined) === hasTypes);
  return [
    ...compare(
      found(false).map(({ of, prop, on }) => ({ name: `${of}.${prop}`, key: keyOf(prop, on) })),
      listedMissing,
      'exists only on these clouds',
    ),
    ...compare(
      found(true).map(({ of, prop }) => ({ name: `${of}.${prop}`, key: prop })),
      listedDifferent,
      'differs in type',
    ),
    ...[...missing, ...different]
      .filter(({ because }) => !/^[A-Z].{10,}\.$/.test(because))
      .map(({ props }) => `${props.join(', ')}: the exception needs a reason, in one sentence.`),
  ];
}

/** A prop that exists on some clouds. */
function keyOf(prop: string, on: readonly Cloud[]): string {
  return `${prop} (${on.join(', ')})`;
}

function compare(
  found: readonly { readonly name: string; readonly key: string }[],
  listed: readonly string[],
  what: string,
): string[] {
  return [
    ...found
      .filter(({ key }) => !listed.includes(key))
      .map(({ name, key }) => `${name}: ${key} ${what}, and has no exception.`),
    ...listed
      .filter((each) => !found.some(({ key }) => key === each))
      .map((each) => `${each}: the exception is no longer needed.`),
    ...listed.filter((each, index) => listed.indexOf(each) < index).map((each) => `${each}: has two exceptions.`),
  ];
}

/** Returns the props without an exception, as rows to paste: one for each group of clouds, and one for each difference in type. */
export function rowsToAdd(
  differences: readonly Difference[],
  missing: readonly MissingProps[] = MISSING_PROPS,
  different: readonly DifferentProps[] = DIFFERENT_PROPS,
): { missing: string[]; different: string[] } {
  const list = (names: Iterable<string>) =>
    `[${[...new Set(names)]
      .sort()
      .map((name) => `'${name}'`)
      .join(', ')}]`;
  const open = differences.filter(({ prop, on, types }) =>
    types
      ? !different.some(({ props }) => props.includes(prop))
      : !missing.some((row) => row.props.includes(prop) && row.on.join() === on.join()),
  );
  const absent = open.filter(({ types }) => !types);
  const groups = [...new Set(absent.map(({ on }) => on.join()))].sort();
  return {
    missing: groups.map((clouds) => {
      const props = absent.filter(({ on }) => on.join() === clouds).map(({ prop }) => prop);
      return `  { on: ${list(clouds.split(','))}, props: ${list(props)}, because: '' },`;
    }),
    different: open
      .filter(({ types }) => types)
      .map(({ of, prop, types }) => {
        const each = Object.entries(types!).map(([cloud, type]) => `${cloud}: ${type}`);
        return `  // ${of}: ${each.join('; ')}\n  { props: ['${prop}'], because: '' },`;
      }),
  };
}

/** The page for users: which props exist on which cloud, and why. */
export function vocabularyPage(): string {
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  return [
    '<!-- Generated by `npm run docs`: edit the table that it names, not this file. -->',
    '',
    '# Props that differ between clouds',
    '',
    'Interfaces with the same name have the same props on every cloud, except the ones on this page. Names are without their unit: AWS props',
    'use `Duration` and `Size`, and the others have the unit in the name, for example `timeoutSeconds`. Attributes of existing resources',
    '(`fromXxxAttributes`) are not compared, because each cloud has its own identifiers.',
    '',
    'Source: `scripts/vocabulary-exceptions.ts`.',
    '',
    '## Props of some clouds',
    '',
    '| Clouds | Props | Reason |',
    '|-|-|-|',
    ...MISSING_PROPS.map(({ on, props, because }) => `| ${on.map(titleOf).join(', ')} | ${code(props)} | ${because} |`),
    '',
    '## Props with different types',
    '',
    '| Props | Reason |',
    '|-|-|',
    ...DIFFERENT_PROPS.map(({ props, because }) => `| ${code(props)} | ${because} |`),
    '',
  ].join('\n');
}

function main(): void {
  const differences = differencesOf(publicApi());
  const { missing, different } = rowsToAdd(differences);
  if (missing.length > 0) console.log(`MISSING_PROPS\n\n${missing.join('\n')}\n`);
  if (different.length > 0) console.log(`DIFFERENT_PROPS\n\n${different.join('\n')}\n`);
  const problems = vocabularyProblems(differences);
  for (const problem of problems.filter((each) => !each.endsWith('has no exception.'))) console.log(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (require.main === module) main();
