/**
 * Colors of the page in light and dark mode. Text is on `ground` (the page), `panel` (a section), or `inset` (a box in a section). Parts of
 * a picture are on `panel` or `inset`. Tests check the contrast.
 */
export const PALETTE = {
  light: {
    ground: '#f3f5f8',
    panel: '#ffffff',
    inset: '#eef1f5',
    text: '#16202c',
    muted: '#52606f',
    line: '#d3dae3',
    accent: '#0b5cad',
    high: '#cfe1f5',
    good: '#1a6b3c',
    warning: '#8a4b00',
    error: '#b3261e',
    one: '#0b5cad',
    two: '#00695c',
    three: '#8a4b00',
    four: '#7b3fa0',
    five: '#5b6676',
  },
  dark: {
    ground: '#0d1218',
    panel: '#161d26',
    inset: '#202a36',
    text: '#e8edf3',
    muted: '#a6b3c2',
    line: '#354250',
    accent: '#6cb2f5',
    high: '#24466a',
    good: '#6fcf97',
    warning: '#f0b35e',
    error: '#f5948c',
    one: '#6cb2f5',
    two: '#5cc8b8',
    three: '#f0b35e',
    four: '#c79be6',
    five: '#97a3b2',
  },
} as const;

/** Returns the palette as CSS custom properties. The reader's system selects light or dark mode. */
export function paletteCss(): string {
  const block = (colors: Readonly<Record<string, string>>) =>
    Object.entries(colors)
      .map(([name, value]) => `--${name}:${value}`)
      .join(';');
  return `:root{color-scheme:light dark;${block(PALETTE.light)}}
@media screen and (prefers-color-scheme:dark){:root{${block(PALETTE.dark)}}}
@media print{:root{color-scheme:light}}`;
}
