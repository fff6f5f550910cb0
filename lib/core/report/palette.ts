/** Colours of the page: each is read on `ground` or `panel`, in light and in dark. Contrast is held by a test. */
export const PALETTE = {
  light: {
    ground: '#ffffff',
    panel: '#f3f5f8',
    text: '#17202b',
    muted: '#4d5a6b',
    line: '#c3cad4',
    accent: '#0b5cad',
    high: '#8fb8e0',
    warning: '#8a4b00',
    error: '#b3261e',
    one: '#0b5cad',
    two: '#00695c',
    three: '#8a4b00',
    four: '#7b3fa0',
    five: '#5b6676',
  },
  dark: {
    ground: '#12171e',
    panel: '#1c242e',
    text: '#e8edf3',
    muted: '#a9b5c3',
    line: '#3c4857',
    accent: '#6cb2f5',
    high: '#2f5b85',
    warning: '#f0b35e',
    error: '#f28b82',
    one: '#6cb2f5',
    two: '#5cc8b8',
    three: '#f0b35e',
    four: '#c79be6',
    five: '#97a3b2',
  },
} as const;

/** The palette as custom properties of CSS: light, and dark where the reader's system is. */
export function paletteCss(): string {
  const block = (colours: Readonly<Record<string, string>>) =>
    Object.entries(colours)
      .map(([name, value]) => `--${name}:${value}`)
      .join(';');
  return `:root{color-scheme:light dark;${block(PALETTE.light)}}
@media screen and (prefers-color-scheme:dark){:root{${block(PALETTE.dark)}}}`;
}
