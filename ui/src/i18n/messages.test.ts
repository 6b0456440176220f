/** The six languages say the same things with the same values, and none of them in English. */
import { describe, expect, it } from 'vitest';

type Variants = { match: Record<string, string>; declarations?: string[] }[];
type Messages = Record<string, string | Variants>;

const files = import.meta.glob<Messages>('../../messages/*.json', { eager: true, import: 'default' });
const read = (language: string): Messages => files[`../../messages/${language}.json`] ?? {};

const english = read('en');
const others = ['de', 'fr', 'it', 'pt-BR', 'es'].map((language) => ({ language, messages: read(language) }));

/** All texts of a message: one, or one per form of the plural. */
const texts = (message: string | Variants): string[] =>
  typeof message === 'string' ? [message] : message.flatMap((each) => Object.values(each.match));

/** The values that a message uses in any of its forms. */
const values = (message: string | Variants): string[] =>
  [
    ...new Set(
      texts(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '')),
    ),
  ].sort();

/** What a message can be given, so that a form may leave a value out that another form uses. */
const inputs = (message: string | Variants): string[] =>
  typeof message === 'string'
    ? values(message)
    : message
        .flatMap((each) => each.declarations ?? [])
        .filter((line) => line.startsWith('input '))
        .map((line) => line.slice('input '.length));

/** Words that none of the other five languages has. */
const ENGLISH = /\b(the|you|your|this|with|which|from|are|have|were|been|does|cannot|and|not)\b/i;
/** Written the same everywhere: names, and what the services call things in every language. */
const withoutNames = (text: string) =>
  text.replace(/\{\w+\}/g, '').replace(/\b(QuickBooks Online|Client ID|Client Secret)\b/gi, '');

const sources = import.meta.glob<string>(['../**/*.{ts,svelte}', '!../paraglide/**'], {
  eager: true,
  import: 'default',
  query: '?raw',
});

describe('the English texts', () => {
  it('are all shown somewhere', () => {
    const used = new Set(
      Object.values(sources).flatMap((source) => source.match(/\b[a-z]+(?:_[a-z0-9]+)+\b/g) ?? []),
    );
    // Those of the shell around the page are read by Rust.
    const here = Object.keys(english).filter((key) => key !== '$schema' && !key.startsWith('shell_'));
    expect(here.filter((key) => !used.has(key))).toEqual([]);
  });
  it('follow the guide: no exclamation mark, no please, no oops, no successfully', () => {
    const found = Object.entries(english).filter(([, message]) =>
      texts(message).some((text) => /!|\b(please|oops|successfully|e-mail|log in)\b/i.test(text)),
    );
    expect(found.map(([key]) => key)).toEqual([]);
  });
  it('declare what they use', () => {
    const found = Object.entries(english).filter(
      ([, message]) =>
        typeof message !== 'string' && values(message).some((value) => !inputs(message).includes(value)),
    );
    expect(found.map(([key]) => key)).toEqual([]);
  });
});

/** In some languages the form for one is that for none too, so that it has to carry the figure. */
describe.each(others.filter(({ language }) => new Intl.PluralRules(language).select(0) === 'one'))(
  'the form for one in $language',
  ({ messages }) => {
    // What is never none: a schedule, audiences and columns that there are.
    const never = /^(settings_every|success_every|audience_use_existing|contacts_export_text)/;
    it('carries the figure', () => {
      const wrong = Object.entries(messages).filter(
        ([key, message]) =>
          !never.test(key) &&
          values(message).includes('shown') &&
          texts(message).some((text) => !text.includes('{shown}')),
      );
      expect(wrong.map(([key]) => key)).toEqual([]);
    });
  },
);

describe.each(others.filter(({ messages }) => Object.keys(messages).length > 0))(
  'the texts in $language',
  ({ messages }) => {
    it('are the same set as in English', () => {
      expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort());
    });
    it('use no other values than the English ones', () => {
      const wrong = Object.entries(messages).filter(([key, message]) => {
        const source = english[key];
        if (source === undefined) return false;
        if (typeof source === 'string' && typeof message === 'string')
          return values(source).join() !== values(message).join();
        const allowed = [...inputs(source), ...values(source)];
        return values(message).some((value) => !allowed.includes(value));
      });
      expect(wrong.map(([key]) => key)).toEqual([]);
    });
    it('hold no English', () => {
      const left = Object.entries(messages).filter(([, message]) =>
        texts(message).some((text) => ENGLISH.test(withoutNames(text))),
      );
      expect(left.map(([key]) => key)).toEqual([]);
    });
    it('are not empty', () => {
      const empty = Object.entries(messages).filter(
        ([key, message]) =>
          texts(message).some((text) => text.trim() === '') &&
          texts(english[key] ?? '').every((text) => text.trim() !== ''),
      );
      expect(empty.map(([key]) => key)).toEqual([]);
    });
  },
);
