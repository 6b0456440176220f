/** Light or dark: the system's choice unless the owner forced one. */
export type Theme = 'system' | 'light' | 'dark';

/** The attribute that the tokens listen to; none means the system decides. */
export function applyTheme(theme: Theme, root: HTMLElement = document.documentElement): void {
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}
