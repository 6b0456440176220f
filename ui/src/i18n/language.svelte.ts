/**
 * The language of the window. Messages read it as they are rendered, so that choosing another one
 * redraws every text at once and nothing typed is lost.
 */
import { baseLocale, locales, overwriteGetLocale, type Locale } from '../paraglide/runtime.js';

export type { Locale };
export { locales };

/** What each language calls itself. */
export const languageNames: Record<Locale, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  it: 'Italiano',
  'pt-BR': 'Português (Brasil)',
  es: 'Español',
};

/** The first of the wanted languages that Ledgerpost speaks; a regional form counts as its language. */
export function bestLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const exact = locales.find((locale) => locale.toLowerCase() === tag.toLowerCase());
    const language = (name: string) => name.toLowerCase().split('-')[0];
    const found = exact ?? locales.find((locale) => language(locale) === language(tag));
    if (found) return found;
  }
  return baseLocale;
}

class Language {
  current = $state<Locale>(bestLocale(globalThis.navigator?.languages ?? []));

  /** Uses the language of the system when none is chosen. */
  choose(chosen: string | null | undefined): void {
    this.current = bestLocale(chosen ? [chosen] : (globalThis.navigator?.languages ?? []));
    if (globalThis.document) document.documentElement.lang = this.current;
  }
}

export const language = new Language();
overwriteGetLocale(() => language.current);
