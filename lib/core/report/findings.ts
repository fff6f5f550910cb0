import type { ReportFinding } from './document';
import { escapeHtml, phrase } from './escape';

const LEVELS = { contradiction: 'Contradiction', warning: 'Warning', info: 'Note' } as const;

/** Returns the label of a level. */
export function levelName(level: ReportFinding['level']): string {
  return LEVELS[level];
}

/** Counts open findings by level, and accepted findings: `1 contradiction, 2 warnings, 1 accepted`. */
export function countsText(findings: readonly ReportFinding[]): string {
  const accepted = acceptedOf(findings);
  return (
    [...levelCounts(findings).map(countText), ...(accepted > 0 ? [`${accepted} accepted`] : [])].join(', ') || 'none'
  );
}

type LevelCount = readonly [level: ReportFinding['level'], count: number];

/** Counts open findings by level, most severe first. Levels without findings are left out. */
function levelCounts(findings: readonly ReportFinding[]): readonly LevelCount[] {
  return (['contradiction', 'warning', 'info'] as const).flatMap((level) => {
    const count = findings.filter((one) => one.level === level && one.acknowledged === undefined).length;
    return count === 0 ? [] : [[level, count] as const];
  });
}

function countText([level, count]: LevelCount): string {
  return `${count} ${levelName(level).toLowerCase()}${count === 1 ? '' : 's'}`;
}

function acceptedOf(findings: readonly ReportFinding[]): number {
  return findings.filter(({ acknowledged }) => acknowledged !== undefined).length;
}

type Mark = ReportFinding['level'] | 'good';

/** Each mark has its own shape, so that readers do not depend on colors. */
const SHAPES: Readonly<Record<Mark, string>> = {
  contradiction:
    '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="currentColor"/><path d="M5.5 5.5l5 5m0-5l-5 5" stroke="var(--panel)" stroke-width="1.8" stroke-linecap="round"/>',
  warning:
    '<path d="M8 1.5L15.2 14.5H.8Z" fill="currentColor" stroke="currentColor" stroke-linejoin="round"/><path d="M8 6v4.2" stroke="var(--panel)" stroke-width="1.8" stroke-linecap="round"/><circle cx="8" cy="12.5" r="1" fill="var(--panel)"/>',
  info: '<circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 7.3v4" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/><circle cx="8" cy="4.7" r="1.1" fill="currentColor"/>',
  good: '<circle cx="8" cy="8" r="7.3" fill="currentColor"/><path d="M4.8 8.3l2.2 2.3 4.2-4.8" fill="none" stroke="var(--panel)" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>',
};

/** Returns a mark with its label. */
function badge(mark: Mark, text: string): string {
  const icon = `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${SHAPES[mark]}</svg>`;
  return `<span class="badge ${mark}">${icon}${escapeHtml(text)}</span>`;
}

/** Returns the number of open findings by level, as marks. */
export function countBadges(findings: readonly ReportFinding[]): string {
  const accepted = acceptedOf(findings);
  const counts = levelCounts(findings).map((one) => badge(one[0], countText(one)));
  const open = counts.length === 0 ? [badge('good', accepted > 0 ? 'none open' : 'none')] : counts;
  return `<span class="badges">${[...open, ...(accepted > 0 ? [badge('good', `${accepted} accepted`)] : [])].join('')}</span>`;
}

/** Returns the findings as a list. */
export function findingList(findings: readonly ReportFinding[]): string {
  return findings.length === 0 ? '' : `<ul class="findings">${findings.map(findingItem).join('\n')}</ul>`;
}

function findingItem({ id, level, message, fix, evidence, path, acknowledged }: ReportFinding): string {
  const accepted = acknowledged === undefined ? '' : badge('good', 'Accepted');
  const reason = acknowledged === undefined ? '' : `<p>Accepted: ${escapeHtml(acknowledged)}</p>`;
  const where = path === undefined ? '' : ` · <code>${escapeHtml(path)}</code>`;
  return `<li><p class="badges">${badge(level, levelName(level))}${accepted}</p>
<p class="what">${phrase(message)}</p><p>${phrase(fix)}</p>${reason}
<p class="muted source"><code>${escapeHtml(id)}</code> · ${escapeHtml(evidence)}${where}</p></li>`;
}
