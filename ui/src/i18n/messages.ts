/**
 * The texts of the language that is spoken.
 *
 * Paraglide's own index asks for all six languages and looks up the spoken one in each text; that would be
 * half of all scripts, read at every start. Here the window reads the one language that it speaks.
 */
import type { m as Messages } from '../paraglide/messages.js';
import { language } from './language.svelte';

type Texts = typeof Messages;
type Text = (values?: object) => string;

const known = new Map<PropertyKey, Text>();

/** Each text is a function of what it names. Drawn again when another language is chosen. */
export const m = new Proxy({} as Texts, {
  get(_, name) {
    let text = known.get(name);
    if (!text) {
      text = (values) => (language.texts[name as keyof Texts] as Text)(values);
      known.set(name, text);
    }
    return text;
  },
});
