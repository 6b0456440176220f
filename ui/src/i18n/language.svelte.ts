/**
 * The language of the window. Messages read it as they are rendered, so that choosing another one
 * redraws every text at once and nothing typed is lost.
 */
import type * as English from '../paraglide/messages/en.js';
import { baseLocale, locales, type Locale } from '../paraglide/runtime.js';

export type { Locale };
export { locales };

/** What each language calls itself. */
export const languageNames: Record<Locale, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  it: 'Italiano',
  'pt-BR': 'Português',
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

type Texts = typeof English;

/** Each is a file of its own, read when it is chosen. */
const files: Record<Locale, () => Promise<Texts>> = {
  en: () => import('../paraglide/messages/en.js'),
  de: () => import('../paraglide/messages/de.js'),
  fr: () => import('../paraglide/messages/fr.js'),
  it: () => import('../paraglide/messages/it.js'),
  'pt-BR': () => import('../paraglide/messages/pt-BR.js'),
  es: () => import('../paraglide/messages/es.js'),
};

class Language {
  current = $state<Locale>(bestLocale(globalThis.navigator?.languages ?? []));
  #texts = $state.raw<Texts>();
  #wanted: Locale | undefined;

  /** What it says; {@link choose} has read it. */
  get texts(): Texts {
    if (!this.#texts) throw new Error('a language is chosen before anything is drawn');
    return this.#texts;
  }

  /** Uses the language of the system when none is chosen. The one before is spoken until it is read. */
  async choose(chosen: string | null | undefined): Promise<void> {
    const wanted = bestLocale(chosen ? [chosen] : (globalThis.navigator?.languages ?? []));
    this.#wanted = wanted;
    const texts = await files[wanted]();
    // Another one may have been chosen meanwhile.
    if (this.#wanted !== wanted) return;
    this.#texts = texts;
    this.current = wanted;
    if (globalThis.document) document.documentElement.lang = wanted;
  }
}

export const language = new Language();
