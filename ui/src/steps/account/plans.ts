/**
 * Sizes of Mailchimp's plans in contacts, as its page listed them in May 2026 (`mailchimp.md` 8.3): a
 * scale to compare the owner's own number with, never a price and never a limit that is enforced here.
 */
export const planSizes = [
  250, 500, 1_500, 2_500, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 75_000, 100_000,
  150_000, 200_000,
] as const;

/** What the free plan holds. */
export const FREE_PLAN = planSizes[0];

/** The smallest plan that holds so many contacts; nothing above the largest listed. */
export const smallestPlan = (contacts: number): number | undefined =>
  planSizes.find((size) => size >= contacts);

export interface PlanMark {
  size: number;
  /** From 0 at the left to 1 at the right. */
  at: number;
  fits: boolean;
}

/** Marks closer than this would write over each other. */
const CLEAR = 0.09;

/** The scale that shows a number of contacts between the plans around it. */
export function planScale(contacts: number): { marks: PlanMark[]; you: number } {
  const fit = smallestPlan(contacts);
  const index = fit === undefined ? planSizes.length - 1 : planSizes.findIndex((size) => size === fit);
  const last = planSizes[Math.min(index + 1, planSizes.length - 1)] ?? FREE_PLAN;
  const end = Math.max(last, contacts);
  const shown: PlanMark[] = [];
  for (const size of planSizes.filter((each) => each <= last).toReversed()) {
    const mark = { size, at: size / end, fits: size === fit };
    const right = shown.at(-1);
    if (!right || right.at - mark.at >= CLEAR || mark.fits) shown.push(mark);
  }
  return { marks: shown.toReversed(), you: Math.min(1, contacts / end) };
}
