/** After a change of place the focus goes to its title, as soon as that is drawn. */
import type { Attachment } from 'svelte/attachments';

let expected = false;

export function expectArrival(): void {
  expected = true;
}

/** On the `h1` of a page (with `tabindex="-1"`). */
export const arrival: Attachment<HTMLElement> = (title) => {
  if (!expected) return;
  expected = false;
  title.focus();
};
