const DIRECTION = '(?:(?:gov|iso[a-z]?)-)?(?:north|south|east|west|central)(?:east|west)?';

/** What differs between two syntheses of one architecture, and says nothing of it. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\$\{(?:Tf)?Token\[[^\]]*\]\}|#\{(?:Tf)?Token\[[^\]]*\]\}/g, '<token>'],
  [/(?<![0-9A-Za-z])[0-9a-f]{32,64}(?![0-9A-Za-z])/g, '<hash>'],
  [/(?<!\d)\d{12}(?!\d)/g, '<account>'],
  [new RegExp(`\\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)-${DIRECTION}-\\d(?:[a-z]\\b)?`, 'g'), '<region>'],
];

/** A text without tokens, asset hashes, account numbers and regions. */
export function neutral(text: string): string {
  // Whatever changes has digits, and most texts have none.
  return /\d/.test(text) ? CHANGING.reduce((sofar, [pattern, word]) => sofar.replace(pattern, word), text) : text;
}

// As the CDK hides them from its own ids: they say what a construct is made of, not what it is.
const HIDDEN = ['Resource', 'Default'];

/** A path as people read it: without the segments and hashes that constructs add. */
export function nameOfPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const told = segments.filter((segment) => !HIDDEN.includes(segment)).map(withoutHash);
  return neutral((told.length > 0 ? told : segments).join('/'));
}

/** A logical id, or the name of a Terraform resource, without the hash of its path. */
export function nameOfId(id: string): string {
  return neutral(id.replace(/(?<=.)_?[0-9A-F]{8}$/, ''));
}

// Singletons of the CDK carry a UUID in their ids.
function withoutHash(segment: string): string {
  return segment.replace(/(?<=.)-?[0-9a-f]{32}$/, '');
}
