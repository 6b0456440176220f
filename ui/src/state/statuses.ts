/** The words of the marketing statuses. */
import type { MarketingStatus } from '../ipc';
import { m } from '../i18n/messages';

/** In the order in which they are offered: the safe one first. */
export const marketingStatuses = [
  'notSubscribed',
  'subscribed',
  'unsubscribed',
] as const satisfies MarketingStatus[];

const names: Record<MarketingStatus, { name: () => string; inSentence: () => string }> = {
  notSubscribed: { name: m.status_not_subscribed, inSentence: m.status_not_subscribed_in_sentence },
  subscribed: { name: m.status_subscribed, inSentence: m.status_subscribed_in_sentence },
  unsubscribed: { name: m.status_unsubscribed, inSentence: m.status_unsubscribed_in_sentence },
};

/** `Not subscribed` */
export const statusName = (status: MarketingStatus): string => names[status].name();

/** `not subscribed` */
export const statusInSentence = (status: MarketingStatus): string => names[status].inSentence();
