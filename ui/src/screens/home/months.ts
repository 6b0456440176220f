/** The last twelve months: what the chart draws and what the table says. */
import { absolute, isNegative, isZero, minus } from '../../i18n/decimal';
import { list, money, month, monthShort, number } from '../../i18n/format';
import { reasonName } from '../../i18n/reasons';
import type { Home, Month, Money } from '../../ipc';
import { m } from '../../i18n/messages';

export const gapOf = (each: Month): Money => ({
  amount: minus(each.inQuickbooks.amount, each.inMailchimp.amount),
  currency: each.inQuickbooks.currency,
});

function gapWords(gap: Money): string | undefined {
  if (isZero(gap.amount)) return undefined;
  const amount = money(absolute(gap.amount), gap.currency);
  return isNegative(gap.amount) ? m.home_months_more({ amount }) : m.home_months_gap({ amount });
}

export const salesBars = (months: readonly Month[]) => {
  const last = months.findLastIndex((each) => !isZero(gapOf(each).amount));
  return months.map((each, index) => ({
    key: each.month,
    label: monthShort(each.month),
    // Only the height of a bar: the exact amounts stand in the table.
    whole: Number(each.inQuickbooks.amount),
    part: Number(each.inMailchimp.amount),
    gap: isZero(gapOf(each).amount) ? undefined : index === last ? gapWords(gapOf(each)) : '',
  }));
};

export function salesSentence(months: readonly Month[]): string {
  const apart = months.filter((each) => !isZero(gapOf(each).amount));
  if (apart.length === 0) return m.home_months_all_agree();
  const names = apart.map((each) => `${month(each.month)} (${gapWords(gapOf(each)) ?? ''})`);
  return m.home_months_some({ months: list(names) });
}

export const contactBars = (months: readonly Month[]) =>
  months.map((each) => ({
    key: each.month,
    label: monthShort(each.month),
    whole: each.contacts ?? 0,
    part: each.contacts ?? 0,
  }));

/** How many customers are in the audience now, and how many more than a month before. */
export function growth(home: Home): { now: number; more: number | undefined } | undefined {
  const counted = home.months.map((each) => each.contacts).filter((count) => count !== null);
  const now = counted.at(-1);
  if (now === undefined) return undefined;
  const before = counted.at(-2);
  return { now, more: before === undefined ? undefined : now - before };
}

export const why = (each: Month): string =>
  list(each.explained.map(({ code, count }) => `${reasonName(code)} (${number(count)})`));
