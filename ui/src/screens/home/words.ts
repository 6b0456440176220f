/** How a connection is doing, in sentences: the title of Home is its state. */
import { absolute } from '../../i18n/decimal';
import { isToday, money, momentInSentence, number, time } from '../../i18n/format';
import { reasonDoes, reasonName } from '../../i18n/reasons';
import { serviceName } from '../../i18n/words';
import type { Attention, ConnectionState, Home, Link, Money, Progress, SkipCode, Work } from '../../ipc';
import { errors, failureWords } from '../../ipc/errors';
import { m } from '../../i18n/messages';
import type { Route } from '../../state/router.svelte';

export interface Sentence {
  title: string;
  lead: string;
}

export const sum = (value: Money): string => money(value.amount, value.currency);

const join = (...parts: (string | undefined)[]): string =>
  parts
    .filter((part) => part !== undefined)
    .reduce((first, second) => m.word_sentence_pair({ first, second }), '')
    .trim();

/** How far the work is, if it can say so. */
export const progressOf = (work: Work | undefined): Progress | undefined =>
  work && 'progress' in work.state ? work.state.progress : undefined;

function lastAndNext(home: Home): string {
  const { lastSync, nextSync } = home;
  const moment = lastSync ? momentInSentence(lastSync.at) : '';
  const last = !lastSync
    ? m.home_last_never()
    : lastSync.sent > 0
      ? m.home_last_sent({ count: lastSync.sent, shown: number(lastSync.sent), moment })
      : m.home_last({ moment });
  return join(last, nextSync ? m.home_next({ time: time(nextSync) }) : undefined);
}

/** When it is tried again by itself; nothing where only the owner can go on. */
function nextTry({ nextSync }: Home): string | undefined {
  if (!nextSync) return undefined;
  return isToday(nextSync)
    ? m.home_offline_next({ time: time(nextSync) })
    : m.home_next_try({ moment: momentInSentence(nextSync) });
}

/** What asks for the owner before the connection goes on. */
export function stopOf(state: ConnectionState): Extract<ConnectionState, { error: unknown }> | undefined {
  if (state.kind === 'stopped') return state;
  return state.kind === 'retrying' && errors[state.error.code].severity === 'look' ? state : undefined;
}

function difference(home: Home): string {
  const amount = home.totals?.orders.difference;
  return amount
    ? m.home_differs({ amount: money(absolute(amount.amount), amount.currency) })
    : m.home_differs_unknown();
}

/** The title and the line under it while work is under way. */
function workSentence(work: Work, home: Home): Sentence | undefined {
  const lead = lastAndNext({ ...home, nextSync: null });
  if (work.state.kind === 'stopping') return { title: m.home_stopping(), lead };
  if (work.state.kind === 'paused') return { title: m.home_paused_midway(), lead };
  const progress = progressOf(work);
  if (!progress) return undefined;
  switch (work.task) {
    case 'sync':
      return progress.total === null
        ? { title: m.home_syncing(), lead }
        : {
            title: m.home_syncing_of({ done: number(progress.done), total: number(progress.total) }),
            lead,
          };
    case 'undo':
      return { title: m.home_undoing(), lead };
    case 'disconnect':
      return { title: m.home_disconnecting(), lead };
    case 'reconcile':
      return { title: m.home_reconciling(), lead };
    case 'signInQuickbooks':
    case 'signInMailchimp':
    case 'readCompany':
    case 'plan':
    case 'previewUndo':
      return undefined;
  }
}

export function stateSentence(home: Home, work: Work | undefined): Sentence {
  const busy = work && work.company === home.company ? workSentence(work, home) : undefined;
  if (busy) return busy;
  const { state } = home;
  const lead = lastAndNext(home);
  switch (state.kind) {
    case 'inStep':
      return { title: m.home_in_step(), lead };
    case 'except':
      return { title: m.home_except({ count: state.contacts, shown: number(state.contacts) }), lead };
    case 'differs':
      return { title: difference(home), lead };
    case 'syncing':
      return { title: m.home_syncing(), lead };
    case 'paused':
      return { title: m.home_paused(), lead };
    case 'waits':
      return {
        title: m.home_waits({ count: state.changes, shown: number(state.changes) }),
        lead: m.home_waits_lead(),
      };
    case 'unsent':
      return {
        title: m.home_unsent({ count: state.changes, shown: number(state.changes) }),
        lead: join(m.home_unsent_lead({ moment: momentInSentence(state.foundAt) }), lead),
      };
    case 'unfinished':
      return { title: m.home_unfinished(), lead: m.home_unfinished_lead() };
    case 'offline':
      return {
        title: state.service
          ? m.error_offline_by_title({ service: serviceName(state.service) })
          : m.home_offline(),
        lead: join(nextTry(home), m.home_offline_lead()),
      };
    case 'retrying':
    case 'stopped': {
      const { title, meaning } = failureWords(state.error);
      if (!stopOf(state)) return { title, lead: join(nextTry(home), meaning) };
      const since = state.since
        ? m.home_since({ moment: momentInSentence(state.since) })
        : m.home_since_unknown();
      return { title, lead: join(since, nextTry(home)) };
    }
    case 'disconnected':
      return { title: m.home_disconnected(), lead: m.home_gone_lead({ company: home.name }) };
  }
}

/** The one thing to do about something. */
export type Remedy = { kind: 'go'; route: Route } | { kind: 'open'; link: Link } | { kind: 'signIn' };

export interface AttentionWords {
  key: string;
  title: string;
  text: string;
  do: string;
  remedy: Remedy;
}

const contacts = (query: Record<string, string>): Remedy => ({
  kind: 'go',
  route: { screen: 'contacts', query },
});

/** The list of the customers that stay out for a reason. */
export const byReason = (reason: SkipCode): Route => ({
  screen: 'contacts',
  query: { tab: 'leftAlone', reason },
});

/** The list of the records that QuickBooks cannot deliver. */
export const unreadableRecords: Route = { screen: 'home', query: { show: 'unreadable' } };

/** Nothing for a connection that is stopped: that is the title already. */
export function attentionWords(item: Attention): AttentionWords | undefined {
  switch (item.kind) {
    case 'stopped':
      return undefined;
    case 'planWaits':
      return {
        key: item.kind,
        title: m.home_attention_waits({ count: item.changes, shown: number(item.changes) }),
        text: m.home_attention_waits_does(),
        do: m.home_attention_waits_do(),
        remedy: { kind: 'go', route: { screen: 'home', query: { show: 'plan' } } },
      };
    case 'totalsDiffer':
      return {
        key: item.kind,
        title: m.home_attention_differ({
          amount: money(absolute(item.amount.amount), item.amount.currency),
        }),
        text: m.home_attention_differ_does({ count: item.orders, shown: number(item.orders) }),
        do: m.home_attention_differ_do(),
        remedy: { kind: 'go', route: { screen: 'home', query: { show: 'difference' } } },
      };
    case 'contactRefused':
      return {
        key: `${item.kind} ${item.customer}`,
        title: m.home_attention_refused({ name: item.name, reason: reasonName(item.code) }),
        text:
          item.documents > 0 && item.amount
            ? m.home_attention_refused_documents({
                count: item.documents,
                shown: number(item.documents),
                amount: sum(item.amount),
              })
            : m.home_attention_refused_does(),
        do: m.home_attention_refused_do(),
        remedy: contacts({ customer: item.customer }),
      };
    case 'contactsRefused':
      return {
        key: item.kind,
        title: m.home_attention_several({ count: item.count, shown: number(item.count) }),
        text:
          item.documents > 0 && item.amount
            ? m.home_attention_several_does({
                count: item.documents,
                shown: number(item.documents),
                amount: sum(item.amount),
              })
            : m.home_attention_several_plain(),
        do: m.home_attention_list_do(),
        remedy: contacts({ tab: 'leftAlone', state: 'refused' }),
      };
    case 'leftAlone': {
      const does = reasonDoes(item.code);
      return {
        key: `${item.kind} ${item.code}`,
        title: m.home_attention_left({
          count: item.count,
          shown: number(item.count),
          reason: reasonName(item.code),
        }),
        text:
          item.newThisWeek > 0
            ? m.home_attention_left_new({
                count: item.newThisWeek,
                shown: number(item.newThisWeek),
                does,
              })
            : m.home_attention_left_does({ does }),
        do: m.home_attention_list_do(),
        remedy: { kind: 'go', route: byReason(item.code) },
      };
    }
    case 'unreadable':
      return {
        key: item.kind,
        title: m.home_attention_unreadable({ count: item.count, shown: number(item.count) }),
        text: m.home_attention_unreadable_does(),
        do: m.home_attention_list_do(),
        remedy: { kind: 'go', route: unreadableRecords },
      };
    case 'signInEnds':
      return {
        key: item.kind,
        title: m.home_attention_ends({ count: item.days, shown: number(item.days) }),
        text: m.home_attention_ends_does(),
        do: m.home_attention_ends_do(),
        remedy: { kind: 'signIn' },
      };
    case 'subscriptionLapsed':
      return {
        key: item.kind,
        title: m.home_attention_lapsed(),
        text: m.home_attention_lapsed_does(),
        do: m.error_action_quickbooks(),
        remedy: { kind: 'open', link: { kind: 'quickbooks' } },
      };
    case 'fewCallsLeft':
      return {
        key: item.kind,
        title: m.home_attention_calls(),
        text: m.home_attention_calls_does({ used: number(item.used), limit: number(item.limit) }),
        do: m.home_attention_calls_do(),
        remedy: { kind: 'go', route: { screen: 'settings', query: { part: 'keys' } } },
      };
  }
}
