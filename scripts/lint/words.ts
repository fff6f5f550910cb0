/** A banned word and its replacement. */
export interface WordRow {
  /** Matches whole words, in any case unless the row says otherwise. */
  readonly word: RegExp;
  /** Words to use instead. */
  readonly write: string;
}

const row = (word: string, write: string, flags = 'gi'): WordRow => ({
  word: new RegExp(`(?<![\\w-])(?:${word})(?!\\w)`, flags),
  write,
});

/** Verbs whose American spelling ends in -ize. */
const IZE =
  'author|capital|categor|character|container|custom|central|emphas|final|general|initial|local|material|maxim|memo|minim|modern|normal|optim|organ|parallel|priorit|quant|random|real|recogn|sanit|serial|special|stabil|standard|summar|synchron|token|util|virtual|visual';

/** Unusual, archaic and British words. One row for each: the pattern, and what to write. */
export const WORDS: readonly WordRow[] = [
  // Odd words for plain ideas.
  row('stands?(?!-in)|stood|standing(?!-in)', 'exists, runs, is in, always-on'),
  row('tells?|told|telling', 'reports, says, shows'),
  row('brought|brings?|bringing', 'existing, provides, includes'),
  row('settles?|settled|settling', 'resolves, resolved, sets'),
  row('judges?|judged|judging', 'validates, checks'),
  row('mends?|mended|mending', 'fixes'),
  row('whoever', 'anyone who'),
  row('whatever|whichever', 'any, regardless of'),
  row('ways?', 'backend, strategy, method, path'),
  row('that which|those which', 'the one that, what'),
  row(
    '(?:an?|no|some) text(?! (?:file|field|editor|prompt|model|output|input|generation|completion|document|encoder))',
    'a string',
  ),
  row('anew', 'again'),
  row('fewest', 'minimum, smallest number'),
  row(
    '(?:the|its|their|this|that) (?:least|most)(?= (?:that|of|an?|it|they|the|is|are|one|which|in|with|for|to|per|and|or|any)\\b|[.,;:)]|$)',
    'the minimum, the maximum, the smallest, the largest',
  ),
  row('wants|wanted|wanting', 'requires, needs'),
  row('(?:asks?|asked|wants?|wanted) of', 'requires of, needs'),
  row('demands|demanded|demanding', 'requires'),
  row(
    '(?:takes?|knows?|needs?|gives?|holds?|finds?|reads?|names?|fits?|runs?|keeps?|makes?|says?|shows?|sees?|reaches|reach|bears?|allows?|serves?|changes?|lets?|works?) not(?! only)',
    'does not …, cannot …',
  ),
  row('be it', 'whether it is'),
  row('as of now', 'now'),
  row('in vain', 'without effect'),
  row('knows|known to', 'supports, recognizes, has'),
  row('speaks?|spoke|spoken', 'sends, reports, uses'),
  row('beside', 'next to, along with'),
  row('lets? in|lets (?:\\w+ )?in', 'allows, admits'),
  row('such as (?:is|are|was|were|has|have)', 'those that'),
  row('of a sort', 'of one kind'),
  row('as it is had', 'as it is'),
  row('no more than one', 'at most one'),
  row('bears?|bore|borne|bearing', 'handles, carries, supports'),
  row('mail address(?:es)?', 'email address'),
  row('dealt|deals? out', 'assigned, distributed'),
  row('lies|lay', 'is in, is at'),
  row('nothing of', 'none of, no part of'),
  row('none (?:of those|that|where|which)', 'not one of, without a'),
  row('(?:is|are|be|was|were) none', 'is invalid, does not exist'),
  row(
    '(?<!there )(?:is|are) no(?! longer| more| less| larger| smaller| greater| longer| later| earlier| different)',
    'is not a valid, is not a, has no',
  ),
  row('upon', 'on, when'),
  row('(?:there|here|where)(?:of|in|upon|with|unto)', 'in it, of it, with it'),
  row('hither|thither|whence|thence|hence', 'from there, so'),
  row('lest|ere|nay|yea|aught|naught|ought|oft|whilst|amongst|betwixt|forthwith|hitherto|heretofore', 'a plain word'),
  row('thrice|twain|wrought|begot|behold|beheld|bidden|bids?|bade|forgo|forsooth|needful|wont', 'a plain word'),
  // British spellings.
  row('artefacts?', 'artifact'),
  row('catalogue[sd]?', 'catalog'),
  row('behaviours?', 'behavior'),
  row('colour(?:s|ed|ing)?', 'color'),
  row('(?:favour|honour|neighbour|labour|harbour)\\w*', 'the spelling with -or'),
  row('licences?', 'license'),
  row('defences?|offences?', 'the spelling with -se'),
  row('centres?|metres?|litres?|fibres?', 'the spelling with -er'),
  row('programmes?', 'program'),
  row('grey', 'gray'),
  row('fulfils?|enrols?', 'the spelling with -ll'),
  row('(?:cancel|label|model|travel|signal|channel|level|tunnel)l(?:ed|ing)', 'the spelling with one l'),
  row('analyse[sd]?|analysing|catalyse[sd]?|paralyse[sd]?', 'the spelling with -yze'),
  row(`(?:${IZE})is(?:e|es|ed|ing|er|ers|ation|ations)`, 'the spelling with -ize'),
  row('towards|afterwards', 'toward, afterward'),
];

/** Prefixes of old identifiers. Also banned in the inline code of pages. */
export const NAMES: readonly WordRow[] = [
  row('(?:least|most|fewest)[A-Z]\\w*', 'min…, max…', 'g'),
  row('standing[A-Z]\\w*', 'min…, existing…', 'g'),
];

interface Exception {
  /** Rules that do not apply. @default - all rules */
  readonly rules?: readonly string[];
  readonly because: string;
}

/** Files that some rules do not apply to, and why. */
export const EXCEPTIONS: Readonly<Record<string, Exception>> = {
  'scripts/lint/words.ts': { because: 'It is the list of words.' },
  'CHANGELOG.md': { rules: ['names'], because: 'It lists old names with their new names.' },
};
