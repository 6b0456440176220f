import { afterEach, describe, expect, it } from 'vitest';
import { press } from './keys';

const page = (main: string) => {
  document.body.innerHTML = `<nav data-region><a id="rail" href="#/home">Home</a></nav>${main}`;
};
const split = `<main><div data-region><h1 id="title" tabindex="-1">Contacts</h1><button id="list">Row</button></div>
  <aside data-region><button id="detail">Close</button></aside></main>`;
const withFoot = `<main data-region><h1 id="title" tabindex="-1">Home</h1>
  <footer data-region><button id="foot">Next</button></footer></main>`;

function walk(key: 'F6' | 'Shift+F6', times: number): string[] {
  return Array.from({ length: times }, () => {
    press(new KeyboardEvent('keydown', { key: 'F6', shiftKey: key === 'Shift+F6', cancelable: true }));
    return document.activeElement?.id ?? '';
  });
}

afterEach(() => (document.body.innerHTML = ''));

describe('F6', () => {
  it('goes round rail, list and detail, both ways', () => {
    page(split);
    document.getElementById('rail')?.focus();
    expect(walk('F6', 3)).toEqual(['title', 'detail', 'rail']);
    expect(walk('Shift+F6', 3)).toEqual(['detail', 'title', 'rail']);
  });

  it('goes round rail, page and footer, both ways', () => {
    page(withFoot);
    document.getElementById('rail')?.focus();
    expect(walk('F6', 3)).toEqual(['title', 'foot', 'rail']);
    expect(walk('Shift+F6', 3)).toEqual(['foot', 'title', 'rail']);
  });
});
