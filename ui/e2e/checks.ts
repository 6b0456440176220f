/** What has to hold on every screen. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const sizes = [
  { width: 880, height: 600 },
  { width: 1040, height: 720 },
  { width: 1440, height: 900 },
] as const;

export const languages = ['en', 'de', 'fr', 'it', 'pt-BR', 'es'] as const;
export const themes = ['light', 'dark'] as const;

/** The rules that another theme of the same page can break. */
const ofColours = ['color-contrast', 'link-in-text-block'];

/**
 * No violation of WCAG 2.0 to 2.2, A and AA. In dark only the rules about colours are looked at: the page
 * is the same as in light.
 */
export async function axe(
  page: Page,
  name = 'the page',
  theme: (typeof themes)[number] = 'light',
): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  // What is no violation needs no report, and without frames there is no need for a page of its own
  // that puts the reports of all frames together: both take longer than the rules themselves.
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await (
    theme === 'light' ? builder.withTags(tags) : builder.withRules(ofColours)
  ).analyze();
  const found = violations.map(({ id, nodes }) => ({
    id,
    where: nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary ?? ''}`),
  }));
  expect.soft(found, `axe finds nothing: ${name}`).toEqual([]);
}

/**
 * Nothing stands outside of the window or of what holds it, and no text is cut without an ellipsis
 * whose full text is in `title`.
 */
export async function fits(page: Page, name = 'the page'): Promise<void> {
  const found = await page.evaluate(async () => {
    // What follows its own size does so with the next frame.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    const problems: string[] = [];
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} “${(element.textContent ?? '').trim().slice(0, 60)}”`;
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth)
      problems.push(`the page scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
    for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
      const style = getComputedStyle(element);
      if (
        style.display === 'none' ||
        style.visibility === 'hidden' ||
        element.closest('.sr, caption, svg, [aria-hidden="true"]')
      )
        continue;
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue; // only read out
      if (box.right > innerWidth + 1 && !element.closest('.slips'))
        problems.push(`outside the window: ${name(element)}`);
      if (style.overflowX === 'visible') {
        for (const node of element.childNodes) {
          if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) continue;
          const range = document.createRange();
          range.selectNodeContents(node);
          const over = Math.round(range.getBoundingClientRect().right - box.right);
          if (over > 1 && style.display !== 'inline')
            problems.push(`text outside its box by ${over}: ${name(element)}`);
        }
        continue;
      }
      const over = element.scrollWidth - element.clientWidth;
      if (over <= 1 || element instanceof HTMLInputElement) continue;
      const titled = element.closest('[title]') ?? element.querySelector('[title]');
      if (style.textOverflow !== 'ellipsis')
        problems.push(`cut by ${over} without an ellipsis: ${name(element)}`);
      else if (!titled) problems.push(`cut, and its full text is nowhere: ${name(element)}`);
    }
    return [...new Set(problems)];
  });
  expect.soft(found, `everything fits: ${name}`).toEqual([]);
}

/** The focus is where a person sees it. */
export async function focusIsVisible(page: Page): Promise<void> {
  const visible = await page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return false;
    const marked = (element: Element | null): boolean =>
      element !== null &&
      (getComputedStyle(element).outlineStyle !== 'none' ||
        marked(element.parentElement?.closest('.field, .choice, label') ?? null));
    return marked(focused);
  });
  expect(visible, 'the focus can be seen').toBe(true);
}

/** Makes every text about 40% longer, as a translation may be. */
export async function stretch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.nodeValue ?? '';
      const fixed = node.parentElement?.closest(
        'svg, script, style, code, .num, .postmark, .chart__x, .chart__y',
      );
      if (fixed || !/\p{L}{2}/u.test(text)) continue;
      const words = text.trimEnd().split(' ');
      const more = Math.ceil(text.trim().length * 0.4);
      node.nodeValue = `${words.join(' ')} ${'lorem ipsum dolor sit amet consectetur '.repeat(20).slice(0, more).trim()}`;
    }
  });
}
