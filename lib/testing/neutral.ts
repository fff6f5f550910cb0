const DIRECTION = '(?:(?:gov|iso[a-z]?)-)?(?:north|south|east|west|central)(?:east|west)?';

/** Values that differ between two syntheses of the same architecture, and their replacements. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/\$\{(?:Tf)?Token\[[^\]]*\]\}|#\{(?:Tf)?Token\[[^\]]*\]\}/g, '<token>'],
  [/(?<![0-9A-Za-z])[0-9a-f]{32,64}(?![0-9A-Za-z])/g, '<hash>'],
  [/(?<!\d)\d{12}(?!\d)/g, '<account>'],
  [new RegExp(`\\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)-${DIRECTION}-\\d(?:[a-z]\\b)?`, 'g'), '<region>'],
];

/** Returns text without tokens, asset hashes, account numbers and regions. */
export function neutral(text: string): string {
  // All of these values contain digits, and most texts do not.
  return /\d/.test(text) ? VOLATILE.reduce((sofar, [pattern, word]) => sofar.replace(pattern, word), text) : text;
}

// The CDK also hides these segments from logical ids.
const HIDDEN = ['Resource', 'Default'];

/** Returns a readable path, without the segments and hashes that constructs add. */
export function nameOfPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const visible = segments.filter((segment) => !HIDDEN.includes(segment)).map(withoutHash);
  return neutral((visible.length > 0 ? visible : segments).join('/'));
}

/** Returns a logical id, or the name of a Terraform resource, without its hash. */
export function nameOfId(id: string): string {
  return neutral(id.replace(/(?<=.)_?[0-9A-F]{8}$/, ''));
}

// Singleton constructs of the CDK have a UUID in their ids.
function withoutHash(segment: string): string {
  return segment.replace(/(?<=.)-?[0-9a-f]{32}$/, '');
}
